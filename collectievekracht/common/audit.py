"""The audit trail: who did what to which thing. No texts or answers stand in it."""

import hashlib
import hmac
import re
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Model

from collectievekracht.common.models import AuditEvent

_CODE = re.compile(r"[a-z0-9_.:-]{0,40}")


def record(
    actor_id: int | None, action: str, target: Model | tuple[str, int], *, before: str = "", after: str = ""
) -> None:
    """Write one event in the caller's transaction. A state's code stays readable, any other text becomes its hash."""
    kind, pk = (target._meta.label_lower, target.pk) if isinstance(target, Model) else target
    AuditEvent.objects.create(
        actor=actor_id, action=action, target_type=kind, target=pk, before=mark(before), after=mark(after)
    )


def record_each(actor_id: int | None, action: str, targets: Iterable[Model]) -> None:
    """Write one event for each of these, in the caller's transaction; one query for many."""
    AuditEvent.objects.bulk_create(
        AuditEvent(actor=actor_id, action=action, target_type=one._meta.label_lower, target=one.pk)
        for one in targets
    )


def mark(text: str) -> str:
    """A code as it is, any other text as a keyed hash: equal texts can be told, none can be read."""
    if _CODE.fullmatch(text):
        return text
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(errors="replace"), hashlib.sha256).hexdigest()
