"""What higher apps ask of the labs."""

from __future__ import annotations

from collections.abc import Sequence

from labs.models import Lab


def suggested_labs(codes: Sequence[str], country: str) -> list[Lab]:
    """These labs, in this order, as far as they exist and are for collectives in this country."""
    found = {lab.code: lab for lab in Lab.objects.filter(code__in=codes, countries__contains=[country])}
    return [found[code] for code in codes if code in found]
