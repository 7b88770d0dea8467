"""Pages on which representatives change what is public of their collective: its text, its pin, its consents."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from members import page_text
from members.choices import Activity, ConsentKind, PinPrecision, ReviewState
from members.consent_texts import ASKED, VERSION
from members.forms.page import PageForm
from members.forms.pin import NOT_ON_MAP, PinForm
from members.models import Collective
from members.own_page import consent_rows, differing_lines, middle_of_place, part_names, waiting_change
from members.services import consents
from members.services.activity import change_activity
from members.services.consents import NoPage, Yes
from members.services.revisions import (
    ChangedMeanwhile,
    Outcome,
    facts_of,
    propose_change,
    take_back_change,
    text_to_edit,
    waiting_text,
)
from members.services.work import AlreadyDecided
from members.work_words import decided_words

FRONT = "pages:collective"
SAID = {
    Outcome.UNCHANGED: gettext_lazy("You changed nothing, so nothing waits."),
    Outcome.WAITS: gettext_lazy(
        "Your change waits for the team. It looks within two working days. Until then your page stays as it is."
    ),
    Outcome.PUBLIC: gettext_lazy("Your correction is on the page."),
}
WAITS_UNSEEN = gettext_lazy(
    "Your text waits for the team. It looks within two working days. It is public once you agreed to a public page."
)


def _own(request: HttpRequest, slug: str) -> Collective:
    """The collective, for whoever represents it; for others it is as if there were none."""
    mine = Collective.objects.represented_by(request.user).select_related("published_profile", "pin")
    return get_object_or_404(mine.filter(merged_into=None), slug=slug)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change the text of the page: it waits for the team, and the public text stays until then."""
    collective = _own(request, slug)
    if collective.state != ReviewState.APPROVED:
        return render(request, "members/own_page.html", {"collective": collective})
    user: Any = request.user
    known = facts_of(text_to_edit(collective))
    text = known or {"name": collective.name, "country": collective.country}
    seen = request.POST.get("seen", "") if request.method == "POST" else page_text.mark(known)
    form = PageForm(request.POST or None, text=text)
    clash: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        facts = form.facts()
        try:
            outcome = propose_change(collective, facts, by=user, seen=seen)
        except ChangedMeanwhile as changed:
            now = dict(changed.now)
            merged = page_text.merge(seen, now, vars(facts))
            form, seen = PageForm(text=merged.text), page_text.mark(now)
            clash = {
                "lines": differing_lines(collective, now, vars(facts)),
                "both": part_names(merged.clashing),
            }
        else:
            has_page = collective.published_profile_id is not None
            messages.success(request, SAID[outcome] if has_page or outcome != Outcome.WAITS else WAITS_UNSEEN)
            return redirect(FRONT, slug)
    context = {
        "collective": collective,
        "form": form,
        "seen": seen,
        "clash": clash,
        "waiting": waiting_change(collective),
    }
    return render(request, "members/own_page.html", context, status=409 if clash else 200)


@login_required
@require_POST
def take_back(request: HttpRequest, slug: str) -> HttpResponse:
    """Take back the change that waits."""
    collective = _own(request, slug)
    profile = waiting_text(collective)
    if profile is None:
        messages.info(request, _("No change waits any more."))
        return redirect(FRONT, slug)
    user: Any = request.user
    try:
        take_back_change(profile, user, seen=request.POST.get("seen", ""))
    except AlreadyDecided as decided:
        messages.warning(request, f"{profile.name}: {decided_words(decided.item)}.")
    except ChangedMeanwhile:
        messages.warning(
            request, _("Somebody else changed this text meanwhile. Nothing was taken back: look at it again.")
        )
    else:
        messages.success(request, _("You took your change back. Your page stays as it is."))
    return redirect(FRONT, slug)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pin(request: HttpRequest, slug: str) -> HttpResponse:
    """Put the pin in the middle of the place or on an exact spot, or take it off the map; at once."""
    collective = _own(request, slug)
    user: Any = request.user
    middle, stands = middle_of_place(collective.published_profile), getattr(collective, "pin", None)
    initial: dict[str, Any] = {"precision": NOT_ON_MAP}
    if stands:
        initial["precision"] = stands.precision
        if stands.precision == PinPrecision.EXACT:
            initial |= {"latitude": stands.latitude, "longitude": stands.longitude}
    form = PinForm(request.POST or None, initial=initial, middle=middle)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if given["precision"] == NOT_ON_MAP:
            consents.take_back_consent(collective, ConsentKind.MAP, user)
            messages.success(request, _("You are not on the map any more."))
            return redirect(FRONT, slug)
        precision = PinPrecision(given["precision"])
        chosen = dict(form.fields["precision"].choices)[precision]  # type: ignore[attr-defined]
        try:
            consents.put_on_map(
                collective,
                precision,
                latitude=given["latitude"],
                longitude=given["longitude"],
                yes=Yes(f"{ASKED[ConsentKind.MAP].text} {chosen}", precision),
                version=VERSION,
                by=user,
            )
        except NoPage:
            form.add_error(
                None, _("Your collective has no public page, so there is nothing that a pin leads to.")
            )
        else:
            messages.success(request, _("Your pin is on the map."))
            return redirect(FRONT, slug)
    context = {"collective": collective, "form": form, "middle": middle}
    return render(request, "members/own_pin.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def agreements(request: HttpRequest, slug: str) -> HttpResponse:
    """What the collective agreed to; each yes is given and taken back by one button."""
    collective = _own(request, slug)
    if request.method != "POST":
        context = {"collective": collective, "rows": consent_rows(collective)}
        return render(request, "members/own_consents.html", context)
    user: Any = request.user
    kind = request.POST.get("kind", "")
    if kind not in ConsentKind.values:
        raise Http404
    asked = ASKED.get(kind)
    if request.POST.get("act") == "withdraw":
        if consents.take_back_consent(collective, ConsentKind(kind), user):
            messages.success(request, _("You took it back: %(what)s.") % {"what": ConsentKind(kind).label})
    elif asked and kind != ConsentKind.MAP and collective.state == ReviewState.APPROVED:
        consents.give_consent(collective, ConsentKind(kind), Yes(asked.text), version=VERSION, by=user)
        messages.success(
            request, _("Thank you. You agreed to this: %(what)s.") % {"what": ConsentKind(kind).label}
        )
        if kind == ConsentKind.PROFILE and collective.published_profile_id is None:
            messages.info(request, _("Your page is public as soon as the team has approved a text for it."))
    return redirect("members:own_consents", slug)


@login_required
@require_POST
def activity(request: HttpRequest, slug: str) -> HttpResponse:
    """Say whether the collective is active, dormant or stopped."""
    collective = _own(request, slug)
    chosen = request.POST.get("activity", "")
    user: Any = request.user
    if chosen in Activity.values and change_activity(collective, Activity(chosen), user):
        messages.success(request, _("Your collective is %(what)s now.") % {"what": Activity(chosen).label})
    return redirect(FRONT, slug)
