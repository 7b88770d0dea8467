"""The labs themselves: which fit a collective, and showing what was changed."""

from __future__ import annotations

from collections.abc import Sequence

from collectievekracht.common.page_cache import let_go
from labs.models import Lab

KEPT_PAGES = "labs"  # the labs' pages that are kept whole for visitors


def suggested_labs(codes: Sequence[str], country: str) -> list[Lab]:
    """These labs, in this order, as far as they exist and are for collectives in this country."""
    found = {lab.code: lab for lab in Lab.objects.filter(code__in=codes, countries__contains=[country])}
    return [found[code] for code in codes if code in found]


def lab_was_changed() -> None:
    """Show what was saved to everybody, as soon as the transaction stands."""
    let_go(KEPT_PAGES)
