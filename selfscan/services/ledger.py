"""What scans write in the ledger."""

from __future__ import annotations

from members.choices import Direction
from members.services.contributions import record_contribution
from selfscan import ledger, queries_ledger
from selfscan.models import Response


def record_scan(response: Response) -> None:
    """A scan that was taken in gave data, once; part of the transaction in which it is decided on."""
    record_contribution(
        ledger.SCAN,
        Direction.GAVE,
        key=f"{ledger.SCAN}:{response.pk}",
        collective_id=response.collective_id,
        facts={"reference": response.reference},
        at=response.completed_at,
    )


def fill_ledger() -> int:
    """Write the lines of scans, reports and research that are missing; gives how many. Again it writes nothing."""
    return queries_ledger.fill_ledger()
