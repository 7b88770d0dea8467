"""What a collective has for hire, for the platform's team."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collectievekracht.common import form_keys
from members.choices import Region
from members.forms.offers import OfferForm
from members.models import Collective, ServiceOffer
from members.services import offers as service


def _own(request: HttpRequest, slug: str) -> Collective:
    mine = Collective.objects.represented_by(request.user).select_related("published_profile")
    return get_object_or_404(mine.filter(merged_into=None), slug=slug)


def _regions_of(offer: ServiceOffer) -> str:
    regions = dict(Region.choices)
    return ", ".join(str(regions.get(code, code)) for code in offer.regions)


@login_required
@never_cache
@require_safe
def offers(request: HttpRequest, slug: str) -> HttpResponse:
    """What the collective offers, open and closed."""
    collective = _own(request, slug)
    rows = [
        (offer, _regions_of(offer))
        for offer in ServiceOffer.objects.open_to(request.user)
        .filter(collective=collective)
        .order_by("-is_open", "pk")
    ]
    return render(request, "members/offers.html", {"collective": collective, "rows": rows})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Something new on offer."""
    collective = _own(request, slug)
    user: Any = request.user
    region = collective.published_profile.region if collective.published_profile else ""
    form = OfferForm(request.POST or None, region=region)
    if request.method == "POST" and form.is_valid():
        try:
            form_keys.run_once(
                form_keys.of(form.cleaned_data),
                lambda: service.add_offer(collective, form.facts(), user).pk,
                scope=f"offer:{collective.pk}",
            )
        except service.TooMany:
            form.add_error(None, _("You have fifty offers. Change one of them, or write to the team."))
        else:
            messages.success(request, _("Your offer is with the team."))
            return redirect("members:offers", slug)
    return render(request, "members/offer.html", {"collective": collective, "form": form, "offer": None})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change something on offer; of two who do so at once the second sees what the first wrote, and saves again."""
    collective = _own(request, slug)
    mine = ServiceOffer.objects.open_to(request.user).select_related("collective")
    offer = get_object_or_404(mine, collective=collective, pk=pk)
    user: Any = request.user
    form = OfferForm(request.POST or None, offer=offer)
    context = {"collective": collective, "form": form, "offer": offer}
    seen = request.POST.get("seen", "") if request.method == "POST" else service.mark_of(offer)
    if request.method == "POST" and form.is_valid():
        try:
            service.change_offer(offer, form.facts(), user, seen=seen)
        except service.ChangedMeanwhile:
            now = {"now": _regions_of(offer), "seen": service.mark_of(offer)}
            return render(request, "members/offer.html", context | now, status=409)
        messages.success(request, _("Your offer was changed."))
        return redirect("members:offers", slug)
    return render(request, "members/offer.html", context | {"seen": seen})


@login_required
@require_POST
def close(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take something off the offer, or put it back."""
    collective = _own(request, slug)
    offer = get_object_or_404(ServiceOffer.objects.open_to(request.user), collective=collective, pk=pk)
    user: Any = request.user
    back = request.POST.get("act") == "open"
    service.open_offer(offer, user, is_open=back)
    words = _("%(title)s is on offer again.") if back else _("%(title)s is not on offer any more.")
    messages.success(request, words % {"title": offer.title})
    return redirect("members:offers", slug)
