"""Keeping a collective to oneself for the length of a transaction."""

from __future__ import annotations

from members.models import Collective


def hold(*collectives: Collective) -> None:
    """Take these collectives until the transaction ends, before anything that hangs on them.

    Everything that changes a collective with its texts, consents, pin, people or work begins so: the other way round,
    two of them would wait for each other. A scan is taken before its collective.
    """
    rows = Collective.objects.select_for_update(no_key=True).filter(pk__in=[one.pk for one in collectives])
    list(rows.order_by("pk").values_list("pk"))
