"""Letters to lab members: passed on by mail, and written in the ledger of both."""

from __future__ import annotations

from django.db import transaction

from labs import emails, kinds
from labs.models import LabMembership
from members.choices import Direction, ReviewState
from members.models import Collective, User
from members.services.contributions import record_contribution


@transaction.atomic
def write_letter(membership: LabMembership, writer: User, *, name: str, message: str, key: str) -> None:
    """Pass a letter on. What the expert gave, the writer's collective received, or the writer where that is not one.

    Neither line says who the other is: a ledger is kept longer than an account.
    """
    emails.send_letter(membership, name=name, email=writer.email, message=message, key=key)
    if writer.pk == membership.user_id:
        return
    facts = kinds.facts_of(membership)
    record_contribution(
        kinds.THERE,
        Direction.GAVE,
        key=f"{kinds.THERE}:{key}",
        user_id=membership.user_id,
        facts=facts,
    )
    of_writer = Collective.objects.of(writer).filter(state=ReviewState.APPROVED)
    collectives = list(of_writer.values_list("pk", flat=True)[:2])
    record_contribution(
        kinds.WROTE,
        Direction.GOT,
        key=f"{kinds.WROTE}:{key}",
        collective_id=collectives[0] if len(collectives) == 1 else None,
        user_id=writer.pk,
        facts={"lab": facts["lab"], "nl": facts["nl"], "en": facts["en"]},
    )
