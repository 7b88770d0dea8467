"""The machinery in the admin, and what all lists and forms of the admin share."""

from collectievekracht.common.admin import machinery, trail
from collectievekracht.common.admin.rows import (
    HelpedAdmin,
    Light,
    ReadOnlyAdmin,
    SeenAdmin,
    Unseen,
    column,
    exported,
    titled,
)

__all__ = [
    "HelpedAdmin",
    "Light",
    "ReadOnlyAdmin",
    "SeenAdmin",
    "Unseen",
    "column",
    "exported",
    "machinery",
    "titled",
    "trail",
]
