"""Made-up self-scans in bulk for made-up collectives: complete, scored, and frozen into a snapshot to compare with."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from members.choices import ConsentKind
from members.models import Collective, CollectiveProfile
from members.services.traits import write_all_traits
from selfscan.choices import ResponseState
from selfscan.definitions import definition_of
from selfscan.feedback import focus_themes
from selfscan.instrument import Definition, Question
from selfscan.models import BenchmarkSnapshot, IndicatorScore, Instrument, Response
from selfscan.publication import trait_facts
from selfscan.scoring import Scores, score
from selfscan.services.benchmark import freeze_quarter, quarter_of
from selfscan.services.instruments import current_instrument
from selfscan.services.responses import begin_response, complete_response, new_reference

BATCH = 1000
PHASES = {"setup": 8, "first_steps": 14, "stable": 34, "growing": 30, "renewing": 10, "ending": 4}
SIZES = (12, 25, 40, 60, 90, 140, 220, 350, 520, 900, 2400)
DONT_KNOW = 0.04
SKIPPED = 0.5
REPEATING = 40  # collectives of the demonstration that did the scan more than once
WAITING = ("Energiecoöperatie De Eerste Straal", "Wooncollectief Het Open Hek", "Buurttuin De Lange Akker")


def make_scans(collectives: Sequence[int], *, seed: int = 1) -> int:
    """Give these collectives (ids) a sent and scored scan that fits their page, and freeze the quarter anew.

    No report is built: that happens when one is first opened. The same collectives and seed give the same answers.
    """
    instrument = current_instrument()
    definition, now, made = definition_of(instrument), timezone.now(), 0
    for start in range(0, len(collectives), BATCH):
        made += _write(collectives[start : start + BATCH], instrument, definition, now, seed)
    with transaction.atomic():
        # Made-up figures only: a snapshot that was taken before these scans knows none of them.
        BenchmarkSnapshot.objects.filter(quarter=quarter_of(now)).delete()
        snapshot = freeze_quarter(now)
        Response.objects.completed().filter(benchmark=None).update(benchmark=snapshot)
    return made


def make_earlier_scans(collectives: Sequence[int], *, seed: int = 1, most: int = REPEATING) -> int:
    """Give the first and a few more of these collectives one or two earlier scans, so that they have a development."""
    if not collectives:
        return 0
    ids = sorted(collectives)[:: max(1, len(collectives) // most)][:most]
    latest = Response.objects.latest_per_collective().filter(collective__in=ids)
    responses, scored = [], []
    for last in latest.select_related("instrument", "collective"):
        definition = definition_of(last.instrument)
        chance = random.Random(f"{seed}-before-{last.collective_id}")  # noqa: S311 -- made-up data
        answers, before = last.answers, last.completed_at
        for _number in range(2 if last.collective_id == ids[0] else chance.randint(1, 2)):
            answers = _a_year_before(definition, answers, chance)
            assert before is not None
            before -= timedelta(days=chance.randint(355, 420))
            scores = score(definition, answers, completed_year=before.year, active_seconds=900)
            scored.append(scores)
            responses.append(
                Response(
                    instrument=last.instrument,
                    collective=last.collective,
                    state=ResponseState.COMPLETED,
                    language=last.language,
                    answers=answers,
                    version=1,
                    reference=new_reference(),
                    seen_sections=last.seen_sections,
                    started_at=before,
                    saved_at=before,
                    completed_at=before,
                    invited_at=before,
                    active_seconds=900,
                    scoring_version=definition.scoring_version,
                    scores=scores.as_dict(),
                    eligibility=scores.eligibility,
                )
            )
    Response.objects.bulk_create(responses)
    IndicatorScore.objects.bulk_create(
        row
        for response, scores in zip(responses, scored, strict=True)
        for row in _score_rows(response, scores)
    )
    return len(responses)


def _a_year_before(definition: Definition, answers: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The same collective, a little younger: other opinions here and there, fewer members, perhaps somebody else."""
    earlier = dict(answers)
    for question in definition.questions:
        given = answers.get(question.code)
        if question.type == "likert5" and isinstance(given, dict):
            shift = chance.choice((-1, -1, 0, 0, 1))
            earlier[question.code] = {
                item: min(5, max(1, value + shift))
                if isinstance(value, int) and chance.random() < 0.7
                else value
                for item, value in given.items()
            }
    if isinstance(answers.get("member_count"), int):
        earlier["member_count"] = max(3, round(answers["member_count"] * 0.85))
    if chance.random() < 0.3:
        roles = [option.code for option in definition.question("respondent_role").options]
        earlier["respondent_role"] = chance.choice([role for role in roles if role != "other"])
    return earlier


def make_waiting() -> None:
    """Three scans that were sent just now, by the way that every scan takes: the team's queue has work."""
    like = Response.objects.completed().exclude(collective=None).order_by("pk")[: len(WAITING)]
    for number, (name, other) in enumerate(zip(WAITING, like, strict=False), start=1):
        response = begin_response("nl")
        response.answers = {code: answer for code, answer in other.answers.items() if code != "website"} | {
            "org_name": name,
            "contact_email": f"nieuw{number}@collectievekracht.example",
        }
        response.save(update_fields=["answers"])
        complete_response(response)


@transaction.atomic
def _write(
    ids: Sequence[int], instrument: Instrument, definition: Definition, now: datetime, seed: int
) -> int:
    rows = (
        Collective.objects.filter(pk__in=ids, published_profile__isnull=False)
        .select_related("published_profile")
        .prefetch_related("consents")
        .order_by("pk")
    )
    responses, scored, collectives = [], [], []
    for collective in rows:
        # A collective's answers depend on nobody else's.
        chance = random.Random(f"{seed}-{collective.slug}")  # noqa: S311 -- made-up data
        answers = _Answers(definition, collective, chance).all()
        earliest = collective.onboarded_at or now - timedelta(days=500)
        completed = max(
            earliest, now - timedelta(days=chance.randint(3, 500), minutes=chance.randint(0, 1440))
        )
        seconds = chance.randint(540, 1300)
        scores = score(definition, answers, completed_year=completed.year, active_seconds=seconds)
        collective.focus_themes = list(focus_themes(definition, scores, answers))
        collectives.append(collective)
        scored.append(scores)
        responses.append(
            Response(
                instrument=instrument,
                collective=collective,
                state=ResponseState.COMPLETED,
                language=collective.language,
                answers=answers,
                version=1,
                reference=new_reference(),
                seen_sections=[section.code for section in definition.sections],
                started_at=completed - timedelta(seconds=seconds),
                saved_at=completed,
                completed_at=completed,
                active_seconds=seconds,
                scoring_version=definition.scoring_version,
                scores=scores.as_dict(),
                eligibility=scores.eligibility,
            )
        )
    Response.objects.bulk_create(responses)
    IndicatorScore.objects.bulk_create(
        row
        for response, scores in zip(responses, scored, strict=True)
        for row in _score_rows(response, scores)
    )
    Collective.objects.bulk_update(collectives, ["focus_themes"], batch_size=500)
    write_all_traits(
        (response.collective_id, trait_facts(response.answers, response.scores or {}))
        for response in responses
        if response.collective_id
    )
    return len(responses)


def _score_rows(response: Response, scores: Scores) -> list[IndicatorScore]:
    return [
        IndicatorScore(
            response=response,
            indicator=code,
            score=each.score,
            membership=each.membership,
            level=each.level,
            answered=each.answered,
            of=each.of,
        )
        for code, each in scores.indicators.items()
    ]


class _Answers:
    """Answers that hang together: one collective is stronger in most things than another, and hides some of it."""

    def __init__(self, definition: Definition, collective: Collective, chance: random.Random) -> None:
        profile = collective.published_profile
        assert profile is not None
        self.definition, self.collective, self.chance = definition, collective, chance
        self.profile: CollectiveProfile = profile
        self.strength = chance.gauss(0.35, 0.45)
        self.phase = chance.choices(list(PHASES), list(PHASES.values()))[0]
        self.budget = self.option("annual_budget")

    def all(self) -> dict[str, Any]:
        """A complete scan, checked by nobody: it holds what the questionnaire would have taken."""
        consents = {each.kind: each for each in self.collective.consents.all() if each.withdrawn_at is None}
        placed = consents.get(ConsentKind.MAP)
        answers = self.facts() | self.organisation() | self.money() | self.exchange()
        answers |= {
            question.code: self.battery(question)
            for question in self.definition.questions
            if question.type == "likert5"
        }
        answers |= {
            question.code: self.matrix(question)
            for question in self.definition.questions
            if question.type == "scale_0_4_matrix"
        }
        answers |= {
            "consent_profile": ConsentKind.PROFILE in consents,
            "consent_map": placed.detail if placed else "not_on_map",
            "consent_research": ConsentKind.RESEARCH in consents,
            "consent_contact": ConsentKind.CONTACT in consents,
            "consent_newsletter": False,
            "contact_email": self.collective.contact_email,
        }
        if self.budget == "none":
            for hidden in ("reserves_months", "business_practice", "income_split"):
                answers.pop(hidden, None)
        if answers["gov_role"] == "no_contact":
            answers.pop("gov_relation")
        return {code: answer for code, answer in answers.items() if answer not in (None, "", [], {})}

    def facts(self) -> dict[str, Any]:
        profile = self.profile
        several = len(profile.sectors) > 1
        check = self.definition.question("definition_check")
        return {
            "org_name": profile.name,
            "country": profile.country,
            "place": {"name": profile.place_name, "region": profile.region, "geonames_id": profile.place_id},
            "website": profile.website,
            "short_description": profile.description[:400],
            "founding_year": profile.founding_year,
            "sectors": list(profile.sectors),
            "main_sector": profile.main_sector if several else None,
            "legal_form": profile.legal_form,
            "phase": self.phase,
            "geo_scale": profile.geo_scale,
            "definition_check": {item.code: "fits" for item in check.items},
            "respondent_role": self.option("respondent_role"),
            "target_groups": list(profile.target_groups),
            "impact_areas": list(profile.impact_areas) if self.phase != "setup" else None,
        }

    def organisation(self) -> dict[str, Any]:
        members = max(3, round(self.chance.choice(SIZES) * self.chance.uniform(0.7, 1.4)))
        return {
            "member_count": members,
            "member_growth": self.option("member_growth"),
            "member_types": self.options("member_types", 2) if self.chance.random() > SKIPPED else None,
            "volunteers_active": max(2, round(members**0.6 * self.chance.uniform(0.6, 1.6))),
            "paid_fte": self.chance.choices(
                ("none", "lt1", "f1_2", "f2_5", "f5_10", "gt10"), (52, 24, 12, 8, 3, 1)
            )[0],
            "decision_mode": self.option("decision_mode"),
            "general_meeting": self.option("general_meeting"),
            "rules_in_place": self.options("rules_in_place", 4),
            "breach_response": self.option("breach_response"),
            "succession": self.option("succession"),
            "partners": self.options("partners", 4),
            "gov_role": self.option("gov_role"),
        }

    def money(self) -> dict[str, Any]:
        parts = [part.code for part in self.definition.question("income_split").parts]
        split = None
        if self.budget not in ("none", "prefer_not") and self.chance.random() < 0.8:
            heights = [self.chance.random() ** 3 for _part in parts]
            shares = [round(100 * height / sum(heights)) for height in heights]
            shares[shares.index(max(shares))] += 100 - sum(shares)
            split = dict(zip(parts, shares, strict=True))
        return {
            "annual_budget": self.budget,
            "income_split": split,
            "reserves_months": self.option("reserves_months"),
            "assets_owned": self.options("assets_owned", 3),
        }

    def exchange(self) -> dict[str, Any]:
        tags = list(self.definition.vocabularies.tags)
        excluded = self.definition.vocabularies.labs_excluded_by_country.get(self.profile.country, ())
        labs = [lab for lab in self.definition.vocabularies.labs if lab not in excluded]
        return {
            "need_topics": self.chance.sample(tags, self.chance.randint(1, 4)),
            "offer_types": list(self.profile.offer_types),
            "offer_details": self.profile.offer_details,
            "labs_wanted": self.chance.sample(labs, self.chance.randint(1, 2)),
        }

    def option(self, code: str) -> str:
        """One option; what may be free text or needs an explanation is left to people."""
        options = [each.code for each in self.definition.question(code).options if not each.free_text]
        return self.chance.choice(options)

    def options(self, code: str, most: int) -> list[str]:
        options = [
            each.code
            for each in self.definition.question(code).options
            if not each.free_text and not each.exclusive
        ]
        return self.chance.sample(options, self.chance.randint(1, most))

    def battery(self, question: Question) -> dict[str, Any]:
        level = 3.3 + self.strength + self.chance.gauss(0, 0.45)
        return {item.code: self.opinion(6 - level if item.reverse else level) for item in question.items}

    def opinion(self, level: float) -> int | str:
        if self.chance.random() < DONT_KNOW:
            return "dk"
        return min(5, max(1, round(self.chance.gauss(level, 0.8))))

    def matrix(self, question: Question) -> dict[str, Any]:
        cells = {}
        for item in question.items:
            now = min(4, max(0, round(self.chance.gauss(1.8 - self.strength, 1.0))))
            cells[item.code] = {
                "now": now,
                "future": min(4, max(0, now + self.chance.choice((-1, 0, 0, 0, 1, 1)))),
            }
        return cells
