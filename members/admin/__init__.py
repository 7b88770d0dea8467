"""Members in the admin. A state is never typed: decisions go through the services."""

from members.admin import (  # noqa: F401 -- each registers its own lists
    abuse,
    collectives,
    imports,
    offers,
    pages,
    people,
    work,
)
