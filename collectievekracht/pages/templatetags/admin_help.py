"""Help in the admin, where it is needed."""

from typing import Any

from django.template import Library

from collectievekracht.pages.admin_help import About, about

register = Library()


@register.simple_tag
def about_model(opts: Any) -> About | None:
    """What the list and the form of this model are for; None where there is no model."""
    label = getattr(opts, "label_lower", "")
    return about(label) if label else None
