"""What the labs do when something below changes."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from labs.models import LabMembership
from labs.services import lab_was_changed
from members.signals import person_changed


@receiver(person_changed, dispatch_uid="labs.person_changed")
def show_lab_anew(sender: Any, user_id: int, **kwargs: Any) -> None:
    """Who shows another name, or none any more, is seen so on the labs' pages at once."""
    if LabMembership.objects.filter(user_id=user_id).exists():
        lab_was_changed()
