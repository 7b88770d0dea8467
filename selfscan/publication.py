"""What is built once a scan is sent: scores, page text, pin and queue entry; then the report; then the mail.

Every step is an upsert or claims its row first (the outbox does), so it may die anywhere and run again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from collectievekracht.common import outbox, storage
from members.choices import ConsentKind, Direction, PinPrecision, ReviewState, WorkKind
from members.gazetteer import gazetteer
from members.models import Collective, CollectiveProfile, MapPin
from members.queries import admins_to_notify, similar_collectives
from members.services import consents, traits, work
from members.services.collectives import (
    ProfileFacts,
    place_pin,
    propose_profile,
    propose_renewal,
    publish,
    remove_pin,
)
from members.services.contributions import record_contribution
from newsletter.services import subscribe
from selfscan import emails, ledger
from selfscan.choices import Step
from selfscan.definitions import definition_of
from selfscan.feedback import focus_themes
from selfscan.instrument import Definition, text
from selfscan.models import IndicatorScore, Report, Response
from selfscan.reports import REPORT_VERSION, render_report
from selfscan.scoring import Scores, score

# The profile takes these and no other; a test holds that they are the instrument's public questions.
PROFILE_ANSWERS = {
    "org_name": "name",
    "short_description": "description",
    "country": "country",
    "website": "website",
    "founding_year": "founding_year",
    "sectors": "sectors",
    "main_sector": "main_sector",
    "legal_form": "legal_form",
    "geo_scale": "geo_scale",
    "target_groups": "target_groups",
    "impact_areas": "impact_areas",
    "offer_types": "offer_types",
    "offer_details": "offer_details",
}
PUBLIC_QUESTIONS = frozenset(PROFILE_ANSWERS) | {"place"}
CONSENT_QUESTIONS = {
    ConsentKind.PROFILE: "consent_profile",
    ConsentKind.MAP: "consent_map",
    ConsentKind.RESEARCH: "consent_research",
    ConsentKind.CONTACT: "consent_contact",
}


@transaction.atomic
def publish_response(pk: int, version: str) -> None:
    """Score the scan, propose its page, place its pin and open the team's work; promise the report.

    Of a collective that is in already nothing that is public changes before the team approves, but for what it no
    longer agrees to: that is gone at once.
    """
    response = Response.objects.select_related("instrument", "collective").get(pk=pk)
    if response.collective is None or response.completed_at is None or str(response.version) != version:
        return
    if response.collective.closed_at:
        return
    if work.is_decided(WorkKind.SCAN, pk, response.completed_at):
        return  # it was published, and somebody decided on it: run again, it would undo that
    definition = definition_of(response.instrument)
    collective = response.collective
    scores = write_scores(response, definition)
    _write_consents(response, definition)
    if collective.state == ReviewState.APPROVED:
        _propose_renewal(response)
    else:
        _write_focus(response, definition, scores)
        _propose_page(response)
    _open_work(response, scores)
    if response.answers["consent_newsletter"]:
        subscribe(
            response.answers["contact_email"],
            language=response.language,
            channel="selfscan",
            text_version=_consent_version(response),
        )
    outbox.promise(Step.REPORT, pk, version=version)
    looked_by = work.promised_on(response.completed_at)
    for address in admins_to_notify():
        emails.send_waiting(response, to=address, looked_by=looked_by)


def build_report(pk: int, version: str) -> None:
    """Render the report and keep it; promise the mail that says so."""
    response = Response.objects.select_related("instrument", "collective").get(pk=pk)
    if str(response.version) != version:
        return
    store_report(response)
    with transaction.atomic():
        work.note_fact(WorkKind.SCAN, pk, report="done")
        record_contribution(
            ledger.REPORT,
            Direction.GOT,
            key=f"{ledger.REPORT}:{pk}",
            collective_id=response.collective_id,
            facts={"reference": response.reference},
        )
        outbox.promise(Step.MAIL, pk, version=version)


def store_report(response: Response) -> Report:
    """The report of this scan as a file in the private store, written whole or not at all."""
    pdf = render_report(response)
    name = f"reports/{response.pk}/{response.version}-{REPORT_VERSION}-{response.language}.pdf"
    storage.write_atomically(name, pdf)
    report, _ = Report.objects.update_or_create(
        response=response,
        version=report_version(response),
        language=response.language,
        defaults={
            "file": name,
            "size": len(pdf),
            "sha256": hashlib.sha256(pdf).hexdigest(),
            "built_at": timezone.now(),
        },
    )
    return report


def report_version(response: Response) -> str:
    """The version of a scan's report: which sending of the scan, drawn by which template."""
    return f"{response.version}-{REPORT_VERSION}"


def report_failed(pk: int, version: str) -> None:
    """Show in the team's queue that the report could not be built."""
    work.note_fact(WorkKind.SCAN, pk, report="failed")


def mail_report(pk: int, version: str) -> None:
    """Mail the link to the report."""
    response = Response.objects.select_related("collective").get(pk=pk)
    if str(response.version) != version or response.completed_at is None:
        return
    emails.send_report_ready(response, looked_by=work.promised_on(response.completed_at))


def write_scores(response: Response, definition: Definition) -> Scores:
    """Compute the scan's scores and keep them, whole and per indicator."""
    if response.completed_at is None:
        raise ValueError("Only a sent scan is scored.")
    scores = score(
        definition,
        response.answers,
        completed_year=timezone.localtime(response.completed_at).year,
        active_seconds=response.active_seconds or None,
    )
    result = scores.as_dict()
    Response.objects.filter(pk=response.pk).update(
        scores=result, scoring_version=definition.scoring_version, eligibility=result["eligibility"]
    )
    response.scores, response.eligibility = result, result["eligibility"]
    rows = [
        IndicatorScore(
            response=response,
            indicator=code,
            score=row["score"],
            membership=row.get("membership"),
            level=row["level"],
            answered=row["answered"],
            of=row["of"],
        )
        for code, row in result["indicators"].items()
    ]
    IndicatorScore.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["response", "indicator"],
        update_fields=["score", "membership", "level", "answered", "of"],
    )
    return scores


def profile_facts(answers: dict[str, Any]) -> ProfileFacts:
    """What of the answers goes on the public page."""
    place = answers["place"]
    public = {
        field: answers[code] for code, field in PROFILE_ANSWERS.items() if answers.get(code) is not None
    }
    own_words = {
        key.partition("__")[0]: value
        for key, value in answers.items()
        if "__" in key and key.partition("__")[0] in PROFILE_ANSWERS
    }
    if not public.get("main_sector") and len(public["sectors"]) == 1:
        public["main_sector"] = public["sectors"][0]
    return ProfileFacts(
        place_name=place["name"],
        place_id=place.get("geonames_id"),
        region=place.get("region", ""),
        other_texts=own_words,
        **public,
    )


def _propose_page(response: Response) -> None:
    """Propose the page and place the pin, as far as there is consent to them."""
    answers, collective = response.answers, response.collective
    assert collective is not None
    if answers["consent_profile"]:
        propose_profile(collective, profile_facts(answers))
    _place_pin(response)


def _place_pin(response: Response) -> None:
    """Put the pin where the scan says, as far as there is consent to it."""
    answers, collective = response.answers, response.collective
    assert collective is not None
    if not answers["consent_profile"]:
        remove_pin(collective)
        return
    place, precision = answers["place"], answers.get("consent_map")
    if precision not in PinPrecision.values:
        remove_pin(collective)
        return
    if precision == PinPrecision.EXACT and place.get("lat") is not None:
        place_pin(collective, latitude=place["lat"], longitude=place["lon"], precision=PinPrecision.EXACT)
        return
    middle = gazetteer.resolve(answers["country"], place["name"], place.get("geonames_id"))
    place_pin(collective, latitude=middle.latitude, longitude=middle.longitude, precision=PinPrecision.PLACE)


def _propose_renewal(response: Response) -> None:
    """Let the new text of a collective that is in wait; what it no longer agrees to show is gone at once."""
    answers, collective = response.answers, response.collective
    assert collective is not None
    if answers["consent_profile"]:
        propose_renewal(collective, profile_facts(answers))
    else:
        publish(collective)
    precision, pin = answers.get("consent_map"), MapPin.objects.filter(collective=collective).first()
    if pin is None:
        return
    if not answers["consent_profile"] or precision not in PinPrecision.values:
        remove_pin(collective)
    elif precision == PinPrecision.PLACE and pin.precision == PinPrecision.EXACT:
        shown = collective.published_profile
        middle = gazetteer.get(shown.place_id) if shown else None
        if middle is None:
            remove_pin(collective)
            return
        place_pin(
            collective, latitude=middle.latitude, longitude=middle.longitude, precision=PinPrecision.PLACE
        )


def _write_focus(response: Response, definition: Definition, scores: Scores) -> None:
    """Tell the apps below what this collective is busy with."""
    assert response.collective_id is not None
    Collective.objects.filter(pk=response.collective_id).update(
        focus_themes=list(focus_themes(definition, scores, response.answers))
    )


def settle(response: Response, *, again: bool) -> None:
    """The scan is approved: what hangs on that is written now, in the transaction of the approval.

    `again`: the collective was in already, so its pin and its themes waited.
    """
    collective = response.collective
    assert collective is not None
    definition = definition_of(response.instrument)
    if again:
        _place_pin(response)
        _write_focus(response, definition, write_scores(response, definition))
    traits.write_traits(collective, trait_facts(response.answers, response.scores or {}))


def trait_facts(answers: Mapping[str, Any], scores: Mapping[str, Any]) -> traits.TraitFacts:
    """By what a collective is alike to others, of its answers and the scores as they are kept."""
    place, derived = answers.get("place") or {}, scores.get("derived") or {}
    return traits.TraitFacts(
        founding_year=answers.get("founding_year"),
        size_class=derived.get("size_class") or "",
        legal_form=answers.get("legal_form") or "",
        phase=answers.get("phase") or "",
        geo_scale=answers.get("geo_scale") or "",
        challenges=tuple(scores.get("top_challenges") or ()),
        sectors=tuple(answers.get("sectors") or ()),
        region=place.get("region") or "",
        place_id=place.get("geonames_id"),
    )


def page_answers(profile: CollectiveProfile | None) -> dict[str, Any]:
    """What a collective's page says now, as answers of a scan."""
    if profile is None:
        return {}
    said = {code: getattr(profile, field) for code, field in PROFILE_ANSWERS.items()}
    place = {"name": profile.place_name, "geonames_id": profile.place_id, "region": profile.region}
    return {code: value for code, value in said.items() if value not in (None, "", [])} | {"place": place}


def _consent_version(response: Response) -> str:
    return f"{response.instrument.version} {response.instrument.sha256[:12]}"


def _write_consents(response: Response, definition: Definition) -> None:
    answers, collective = response.answers, response.collective
    assert collective is not None
    given = {}
    for kind, code in CONSENT_QUESTIONS.items():
        answer = answers.get(code)
        if answer in (None, False, "not_on_map"):
            continue
        question = definition.question(code)
        words = f"{text(question.text, response.language)} {text(question.help, response.language)}".strip()
        given[kind] = consents.Yes(text=words, detail=answer if isinstance(answer, str) else "")
    consents.record_consents(collective, given, version=_consent_version(response))


def _title(response: Response) -> str:
    """What the team's queue calls the scan."""
    assert response.collective is not None
    if response.previous_id is None:
        return response.collective.name
    with override(settings.LANGUAGE_CODE):
        return _("Repeat scan of %(name)s") % {"name": response.collective.name}


def _open_work(response: Response, scores: Scores) -> None:
    assert response.collective is not None
    answers = response.answers
    work.open_work(
        WorkKind.SCAN,
        response.pk,
        title=_title(response),
        collective=response.collective,
        opened_at=response.completed_at,
        facts={
            "reference": response.reference,
            "eligibility": scores.eligibility,
            "definition_check": answers["definition_check"],
            "data_quality": list(scores.data_quality),
            "report": "open",
            "repeat": response.previous_id is not None,
            "similar": [
                similar.pk
                for similar in similar_collectives(
                    name=answers["org_name"],
                    place=answers["place"]["name"],
                    website=answers.get("website", ""),
                    email=answers["contact_email"],
                ).exclude(pk=response.collective.pk)[:10]
            ],
        },
    )
