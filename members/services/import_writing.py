"""Writes what was planned for the rows of an import; the caller holds the transaction."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.db.models import Max
from django.utils import timezone

from collectievekracht.common import audit
from members import map_cache
from members.choices import ConsentKind, Decision, ImportOutcome, PinPrecision, ReviewState, WorkKind
from members.gazetteer import gazetteer
from members.models import (
    Collective,
    CollectiveProfile,
    Consent,
    ImportBatch,
    ImportedCollective,
    ImportLine,
    MapPin,
    StateChange,
    User,
)
from members.services.access import recognise_owner
from members.services.collectives import hold, legal_form_group, place_pin, publish, publish_first, slug_base
from members.services.consents import withdraw_consent
from members.services.import_plans import EMPTY, OF_COLLECTIVE, VERSION, Plan, mark_of
from members.services.work import open_on_new_texts, open_work
from members.text import sort_key, summarise


class Writer:
    """Writes plans for one batch; with `batch.texts_wait` every text waits for a decision of its own."""

    def __init__(self, batch: ImportBatch, by: User | None) -> None:
        self.batch, self.by = batch, by
        self.by_id = by.pk if by else None
        self.now = timezone.now()
        self._groups: dict[str, str] = {}

    def write(self, plans: list[Plan]) -> None:
        """Write a piece of the file, and a line for each of its rows."""
        updates = [plan for plan in plans if plan.outcome == ImportOutcome.UPDATED]
        known = [plan.link.collective for plan in updates if plan.link]
        if known:
            hold(*known)
        done: dict[int, tuple[Any, ...]] = {plan.number: self._update(plan) for plan in updates}
        audit.record_each(self.by_id, "collective.imported", known)
        done |= self._make([plan for plan in plans if plan.outcome == ImportOutcome.MADE])
        ImportLine.objects.bulk_create(
            line_of(self.batch, plan, *done.get(plan.number, ())) for plan in plans
        )

    def _make(self, plans: list[Plan]) -> dict[int, tuple[int, dict[str, Any]]]:
        if not plans:
            return {}
        collectives = Collective.objects.bulk_create(self._collectives(plans))
        pairs = list(zip(plans, collectives, strict=True))
        profiles = CollectiveProfile.objects.bulk_create(self._profile(plan, one) for plan, one in pairs)
        Consent.objects.bulk_create(
            self._consent(plan, one, kind) for plan, one in pairs for kind in plan.consents
        )
        MapPin.objects.bulk_create(
            MapPin(
                collective=one,
                latitude=plan.facts.place.latitude,
                longitude=plan.facts.place.longitude,
                precision=PinPrecision.PLACE,
            )
            for plan, one in pairs
            if plan.facts and ConsentKind.MAP in plan.consents
        )
        StateChange.objects.bulk_create(
            StateChange(
                collective=one,
                to_state=ReviewState.APPROVED,
                decision=Decision.APPROVED,
                reason=f"import {self.batch.pk}",
                actor=self.by,
            )
            for one in collectives
        )
        ImportedCollective.objects.bulk_create(
            ImportedCollective(
                collective=one,
                profile=profile,
                key=plan.facts.key,
                name_place=plan.facts.name_place,
                values=plan.changes,
            )
            for (plan, one), profile in zip(pairs, profiles, strict=True)
            if plan.facts
        )
        agreed = [profile for plan, profile in zip(plans, profiles, strict=True) if plan.consents]
        publish_first([profile for profile in agreed if profile.state == ReviewState.APPROVED])
        open_on_new_texts([profile for profile in agreed if profile.state == ReviewState.PENDING])
        proven = _proven(collectives)
        for one in collectives:
            if one.contact_email in proven:
                recognise_owner(one)
        audit.record_each(self.by_id, "collective.imported", collectives)
        return {plan.number: (one.pk, plan.changes) for plan, one in pairs}

    def _collectives(self, plans: list[Plan]) -> list[Collective]:
        """New collectives, each at an address of its own."""
        bases = [slug_base(plan.name) for plan in plans]
        taken = set(Collective.objects.filter(slug__in=bases).values_list("slug", flat=True))
        found = []
        for plan, base in zip(plans, bases, strict=True):
            slug, number = base, 1
            while slug in taken or (number > 1 and Collective.objects.filter(slug=slug).exists()):
                number += 1
                slug = f"{base}-{number}"
            taken.add(slug)
            values = plan.changes
            found.append(
                Collective(
                    slug=slug,
                    name=values["name"],
                    sort_name=sort_key(values["name"]),
                    country=values["place"][0],
                    state=ReviewState.APPROVED,
                    onboarded_at=self.now,
                    **{name: values[name] for name in OF_COLLECTIVE},
                )
            )
        return found

    def _profile(self, plan: Plan, collective: Collective) -> CollectiveProfile:
        profile = CollectiveProfile(collective=collective, revision=1)
        self._fill(profile, plan.changes)
        self._decide(profile)
        return profile

    def _decide(self, profile: CollectiveProfile) -> None:
        wait = self.batch.texts_wait
        profile.state = ReviewState.PENDING if wait else ReviewState.APPROVED
        profile.decided_at = None if wait else self.now

    def _fill(self, profile: CollectiveProfile, values: dict[str, Any]) -> None:
        fill_profile(profile, values)
        if "legal_form" in values:
            form = values["legal_form"]
            if form not in self._groups:
                self._groups[form] = legal_form_group(form)
            profile.legal_form_group = self._groups[form]

    def _consent(self, plan: Plan, collective: Collective, kind: ConsentKind) -> Consent:
        assert plan.facts is not None
        assert plan.facts.consent_on is not None
        noon = timezone.make_aware(datetime.combine(plan.facts.consent_on, time(12)))
        return Consent(
            collective=collective,
            kind=kind,
            detail=PinPrecision.PLACE if kind == ConsentKind.MAP else "",
            text=plan.facts.consent_source,
            text_version=f"{VERSION} {self.batch.pk}",
            given_at=min(noon, self.now),
        )

    def _show(
        self, collective: Collective, profile: CollectiveProfile | None, agreed: dict[ConsentKind, bool]
    ) -> None:
        """Public as far as it agreed; a text that nobody decided on goes into the queue instead."""
        if profile and profile.state == ReviewState.PENDING:
            if agreed.get(ConsentKind.PROFILE) or collective.published_profile_id:
                open_work(WorkKind.REVISION, profile.pk, title=profile.name, collective=collective)
        elif agreed.get(ConsentKind.PROFILE) or collective.published_profile_id:
            publish(collective)

    def _update(self, plan: Plan) -> tuple[int, dict[str, Any], dict[str, Any]]:
        """Write the changes of one collective; its number, and what stands there after and stood there before."""
        link = plan.link
        assert link is not None
        collective, profile = link.collective, link.profile
        before, after = dict(plan.before), dict(plan.changes)
        text = {name: value for name, value in plan.changes.items() if name not in OF_COLLECTIVE}
        if text and profile:
            profile = self._text(link, profile, text, before)
        own = {name: value for name, value in plan.changes.items() if name in OF_COLLECTIVE}
        if own:
            Collective.objects.filter(pk=collective.pk).update(**own)
        if "place" in text and profile and profile.state == ReviewState.APPROVED:
            move_pin(collective, before["place"], text["place"])
        given = []
        for kind, yes in plan.consents.items():
            if not yes:
                withdraw_consent(collective, kind)
                if kind == ConsentKind.PROFILE:  # without a page there is no pin
                    withdraw_consent(collective, ConsentKind.MAP)
                before.setdefault("withdrawn", []).append(kind)
                continue
            consent = self._consent(plan, collective, kind)
            consent.save()
            given.append(consent.pk)
            if kind == ConsentKind.MAP and plan.facts:
                place = plan.facts.place
                place_pin(
                    collective,
                    latitude=place.latitude,
                    longitude=place.longitude,
                    precision=PinPrecision.PLACE,
                )
        if given:
            after["consents"] = given
        if plan.consents:
            collective.refresh_from_db()
        if plan.consents or (profile and profile.state == ReviewState.PENDING):
            self._show(collective, profile, {kind: True for kind, yes in plan.consents.items() if yes})
        link.values = link.values | plan.changes
        link.profile = profile
        if plan.facts and {"name", "place"} & plan.changes.keys():
            link.name_place = plan.facts.name_place
        link.save(update_fields=["values", "profile", "name_place"])
        if "contact_email" in own:
            audit.record(
                self.by_id, "collective.contact_email", collective,
                before=before["contact_email"], after=own["contact_email"],
            )  # fmt: skip
            collective.contact_email = own["contact_email"]
            recognise_owner(collective)
        return collective.pk, after, before

    def _text(
        self,
        link: ImportedCollective,
        profile: CollectiveProfile,
        text: dict[str, Any],
        before: dict[str, Any],
    ) -> CollectiveProfile:
        """The text with its changes: in its own place, or as a new revision where one was decided on and this must wait."""
        if self.batch.texts_wait and profile.state == ReviewState.APPROVED:
            before["profile"] = profile.pk
            newest = link.collective.profiles.aggregate(newest=Max("revision"))["newest"] or 0
            profile = CollectiveProfile.objects.get(pk=profile.pk)
            profile.pk, profile.revision, profile.created_at = None, newest + 1, self.now
            profile._state.adding = True
            self._decide(profile)
            self._fill(profile, text)
            profile.save()
            return profile
        self._fill(profile, text)
        profile.save()
        rename(link.collective, profile)
        return profile


def _proven(collectives: list[Collective]) -> set[str]:
    """The contact addresses that somebody with an account has proved."""
    addresses = [one.contact_email for one in collectives if one.contact_email]
    found = User.objects.filter(emailaddress__email__in=addresses, emailaddress__verified=True)
    return set(found.values_list("emailaddress__email", flat=True))


def line_of(
    batch: ImportBatch,
    plan: Plan,
    collective_id: int | None = None,
    after: dict[str, Any] | None = None,
    before: dict[str, Any] | None = None,
) -> ImportLine:
    """The line that is kept of a row."""
    return ImportLine(
        batch=batch,
        number=plan.number,
        outcome=plan.outcome,
        name=plan.name,
        collective_id=collective_id or plan.collective_id,
        problems=[problem.as_json() for problem in plan.problems],
        before=before or {},
        after={
            name: value if name == "consents" else mark_of(value) for name, value in (after or {}).items()
        },
    )


def fill_profile(profile: CollectiveProfile, values: dict[str, Any]) -> None:
    """Put these values in a text, with what is derived from them; the group of a legal form is the caller's."""
    for name, value in values.items():
        if name == "place":
            profile.country, profile.place_name, profile.place_id, profile.region = value
        elif name in EMPTY:
            setattr(profile, name, value)
    if "description" in values:
        profile.summary = summarise(profile.description)
    if "sectors" in values:
        profile.main_sector = profile.sectors[0] if profile.sectors else ""


def rename(collective: Collective, profile: CollectiveProfile) -> None:
    """The collective's own name and country follow its text."""
    Collective.objects.filter(pk=collective.pk).update(
        name=profile.name, sort_name=sort_key(profile.name), country=profile.country
    )


def move_pin(collective: Collective, old: list[Any], new: list[Any]) -> None:
    """Move a pin that stands in the middle of the old place to the middle of the new one; another stays."""
    was, place = gazetteer.get(old[2]), gazetteer.get(new[2])
    if was and place:
        here = MapPin.objects.filter(collective=collective, latitude=was.latitude, longitude=was.longitude)
        here.update(latitude=place.latitude, longitude=place.longitude)
        map_cache.forget()
