"""What we gave and got, and its yearly receipt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from collectievekracht.common import storage
from collectievekracht.pages.ledger import Ledger, Year, ledgers_of
from collectievekracht.pages.receipts import Receipt
from collectievekracht.pages.services import receipts


@dataclass(frozen=True, slots=True)
class ShownYear:
    """A year of a ledger on the page, with how far its receipt is."""

    shown: Year
    receipt: str
    url: str


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def reciprocity(request: HttpRequest) -> HttpResponse:
    """The ledger of each of my collectives, and my own; POST asks for the receipt of a year."""
    ledgers = ledgers_of(request.user)  # type: ignore[arg-type]
    if request.method == "POST":
        receipt = _asked(ledgers, request.POST.get("collectief", ""), request.POST.get("jaar", ""))
        receipts.promise_receipt(receipt)
        return redirect(f"{reverse('pages:reciprocity')}#{receipt.ledger.slug or 'ik'}")
    return render(request, "pages/reciprocity.html", {"ledgers": _with_receipts(ledgers)})


@require_safe
@never_cache
@login_required
def receipt(request: HttpRequest, year: int, slug: str = "") -> HttpResponseBase:
    """The receipt of a year as a file: my own, or of one of my collectives; one that isn't drawn is asked for on the page."""
    ledgers = ledgers_of(request.user)  # type: ignore[arg-type]
    found = _asked(ledgers, slug, str(year))
    try:
        file = storage.private_storage.open(receipts.file_of(found), "rb")
    except FileNotFoundError:
        return redirect("pages:reciprocity")
    return FileResponse(
        file,
        content_type="application/pdf",
        filename=f"{'wederkerigheid' if found.language == 'nl' else 'reciprocity'}-{year}{f'-{slug}' if slug else ''}.pdf",
    )


def _asked(ledgers: list[Ledger], slug: str, year: str) -> Receipt:
    """The receipt that was asked for, of a ledger of this person's; otherwise there is none."""
    ledger = next((one for one in ledgers if one.slug == slug), None)
    number = int(year) if year.isascii() and year.isdigit() and len(year) <= 4 else 0
    found = receipts.receipt_of(ledger, number) if ledger else None
    if found is None:
        raise Http404
    return found


def _with_receipts(ledgers: list[Ledger]) -> list[tuple[Ledger, list[ShownYear]]]:
    """Every year of every ledger, with how far its receipt is."""
    years = [(ledger, year) for ledger in ledgers for year in ledger.years]
    asked: list[Any] = [receipts.receipt_of(ledger, year.year) for ledger, year in years]
    shown: dict[str, list[ShownYear]] = {}
    for (ledger, year), state in zip(years, receipts.states_of(asked), strict=True):
        where = {"year": year.year} | ({"slug": ledger.slug} if ledger.slug else {})
        url = reverse("pages:receipt" if ledger.slug else "pages:my_receipt", kwargs=where)
        shown.setdefault(ledger.slug, []).append(ShownYear(year, state, url))
    return [(ledger, shown.get(ledger.slug, [])) for ledger in ledgers]
