"""Collectives: their text, their pin, and the one decision on each."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext

from collectievekracht.common import audit
from members import emails, map_cache
from members.choices import (
    ConsentKind,
    Decision,
    LegalFormGroup,
    PinPrecision,
    ReviewState,
    TermKind,
    WorkKind,
)
from members.models import Collective, CollectiveProfile, MapPin, StateChange, Term, User
from members.queries_peers import rank_anew
from members.services.access import recognise_owner
from members.services.holding import hold
from members.services.work import close_work, open_work, supersede_work
from members.signals import collective_let_in
from members.text import sort_key, summarise

RESERVED_SLUGS = frozenset({"agenda", "nieuw", "feed", "embed", "persoonlijk"})


@dataclass(frozen=True)
class ProfileFacts:
    """What the public page of a collective says: exactly what the instrument calls public."""

    name: str
    description: str
    country: str
    place_name: str
    place_id: int | None = None
    region: str = ""
    website: str = ""
    founding_year: int | None = None
    sectors: list[str] = field(default_factory=list)
    main_sector: str = ""
    legal_form: str = ""
    geo_scale: str = ""
    target_groups: list[str] = field(default_factory=list)
    impact_areas: list[str] = field(default_factory=list)
    offer_types: list[str] = field(default_factory=list)
    offer_details: str = ""
    other_texts: dict[str, str] = field(default_factory=dict)


def slug_base(name: str) -> str:
    """What the address of a collective with this name begins with; a number follows where it is taken."""
    base = slugify(name)[:60].strip("-") or "collectief"
    return f"{base}-collectief" if base in RESERVED_SLUGS else base


def new_collective(*, name: str, country: str, contact_email: str, language: str) -> Collective:
    """A collective that waits for a decision, at an address of its own."""
    base = slug_base(name)
    facts = {
        "name": name,
        "sort_name": sort_key(name),
        "country": country,
        "contact_email": contact_email,
        "language": language,
    }
    number = 1
    while True:
        slug = base if number == 1 else f"{base}-{number}"
        try:
            with transaction.atomic():
                collective = Collective.objects.create(slug=slug, **facts)
        except IntegrityError:
            number += 1
            continue
        StateChange.objects.create(collective=collective, to_state=ReviewState.PENDING)
        return collective


@transaction.atomic
def resubmit_collective(collective: Collective, *, name: str, contact_email: str) -> None:
    """A collective that was sent back waits for a decision again; one that was approved stays so, and as it is."""
    waiting = Collective.objects.filter(pk=collective.pk, published_profile=None)
    waiting.exclude(state=ReviewState.APPROVED).update(
        name=name, sort_name=sort_key(name), contact_email=contact_email
    )
    returned = Collective.objects.filter(pk=collective.pk, state=ReviewState.RETURNED)
    if returned.update(state=ReviewState.PENDING):
        StateChange.objects.create(
            collective=collective, from_state=ReviewState.RETURNED, to_state=ReviewState.PENDING
        )


def forget_returned(collective: Collective) -> bool:
    """Delete a collective that was sent back and never let in, with all that is kept of it; True when it was one.

    One that somebody represents, or that another one was merged into, stays.
    """
    never_in = Collective.objects.filter(
        pk=collective.pk,
        state=ReviewState.RETURNED,
        published_profile=None,
        memberships=None,
        collective=None,
    )
    return bool(never_in.delete()[0])


def legal_form_group(legal_form: str) -> str:
    """The group by which collectives with this legal form are found; OTHER for a form that no vocabulary knows."""
    if not legal_form:
        return ""
    terms = Term.objects.filter(kind=TermKind.LEGAL_FORM, code=legal_form)
    return terms.values_list("group", flat=True).first() or LegalFormGroup.OTHER


@transaction.atomic
def propose_profile(
    collective: Collective, facts: ProfileFacts, *, proposed_by: User | None = None
) -> CollectiveProfile:
    """The one waiting revision of the collective's public text, made or brought up to date."""
    text = asdict(facts) | {
        "summary": summarise(facts.description),
        "legal_form_group": legal_form_group(facts.legal_form),
        "proposed_by": proposed_by,
    }
    waiting = CollectiveProfile.objects.select_for_update().filter(
        collective=collective, state=ReviewState.PENDING
    )
    if waiting.update(**text):
        return waiting.get()
    newest = CollectiveProfile.objects.filter(collective=collective).aggregate(newest=Max("revision"))[
        "newest"
    ]
    return CollectiveProfile.objects.create(collective=collective, revision=(newest or 0) + 1, **text)


def place_pin(
    collective: Collective, *, latitude: float, longitude: float, precision: PinPrecision
) -> MapPin:
    """Put the collective's pin here; the caller has its consent to the map."""
    pin, _ = MapPin.objects.update_or_create(
        collective=collective,
        defaults={"latitude": latitude, "longitude": longitude, "precision": precision},
    )
    map_cache.forget()
    return pin


def remove_pin(collective: Collective) -> None:
    """Take the collective off the map."""
    MapPin.objects.filter(collective=collective).delete()
    map_cache.forget()


def publish(collective: Collective) -> None:
    """Show the newest approved text, as long as there is consent to a page; else show nothing."""
    kinds = set(collective.consents.in_force().values_list("kind", flat=True))
    agreed = ConsentKind.PROFILE in kinds
    newest = collective.profiles.filter(state=ReviewState.APPROVED).order_by("-revision").first()
    collective.published_profile = newest if agreed else None
    changed = ["published_profile"]
    if newest and agreed:
        collective.name, collective.sort_name = newest.name, sort_key(newest.name)
        collective.country = newest.country
        changed += ["name", "sort_name", "country"]
    collective.save(update_fields=changed)
    map_cache.forget()
    if agreed and ConsentKind.ALIKE in kinds:
        rank_anew()


def publish_first(profiles: list[CollectiveProfile]) -> None:
    """Show these first texts: the caller just made their collectives, approved and with consent to a page."""
    for profile in profiles:
        profile.collective.published_profile = profile
    Collective.objects.bulk_update([profile.collective for profile in profiles], ["published_profile"])
    map_cache.forget()


def _change_state(
    collective: Collective, to: ReviewState, decision: Decision, by: User, reason: str = ""
) -> None:
    """Move a waiting collective to its new state and write its history; one that was approved stays so."""
    before = ReviewState(collective.state)
    waiting = Collective.objects.filter(pk=collective.pk, state=ReviewState.PENDING)
    after = (
        to
        if waiting.update(state=to)
        else ReviewState(Collective.objects.values_list("state", flat=True).get(pk=collective.pk))
    )
    StateChange.objects.create(
        collective=collective, from_state=before, to_state=after, decision=decision, reason=reason, actor=by
    )
    collective.refresh_from_db()
    audit.record(by.pk, f"collective.{decision}", collective, before=before, after=after)


def decide_profile(collective: Collective, state: ReviewState) -> None:
    """Write down what was decided about the waiting text, where there is one."""
    CollectiveProfile.objects.filter(collective=collective, state=ReviewState.PENDING).update(
        state=state, decided_at=timezone.now()
    )


def _leave_changes(collective: Collective, by: User | None) -> None:
    """The text that waits is decided about with the scan that proposed it: there is no other work on it any more."""
    for pk in collective.profiles.filter(state=ReviewState.PENDING).values_list("pk", flat=True):
        supersede_work(WorkKind.REVISION, pk, by)


@transaction.atomic
def propose_renewal(collective: Collective, facts: ProfileFacts) -> CollectiveProfile:
    """What a repeat scan makes of the page of a collective that is in: it waits, and the public text stays.

    A change of the page that waited itself is replaced.
    """
    hold(collective)
    _leave_changes(collective, None)
    return propose_profile(collective, facts)


@transaction.atomic
def renew_collective(collective: Collective, *, name: str, contact_email: str) -> None:
    """The name and the address that the approved repeat scan of a collective gives; a page has a name of its own."""
    hold(collective)
    Collective.objects.filter(pk=collective.pk).update(contact_email=contact_email)
    Collective.objects.filter(pk=collective.pk, published_profile=None).update(
        name=name, sort_name=sort_key(name)
    )
    collective.refresh_from_db()


@transaction.atomic
def correct_contact_email(collective: Collective, email: str, by: User) -> bool:
    """Write to another address from now on; whoever has proven it belongs to the collective at once.

    False when it is the address already.
    """
    hold(collective)
    before = Collective.objects.values_list("contact_email", flat=True).get(pk=collective.pk)
    if before == email:
        return False
    Collective.objects.filter(pk=collective.pk).update(contact_email=email)
    audit.record(by.pk, "collective.contact_email", collective, before=before, after=email)
    collective.contact_email = email
    recognise_owner(collective)
    return True


@transaction.atomic
def approve_collective(collective: Collective, by: User, *, scan_id: int) -> None:
    """Let the collective in: its page and pin are public as far as it agreed, and its person is told.

    Of one that is in already the new text takes the place of the old. Raises `AlreadyDecided` when another admin was
    first.
    """
    hold(collective)
    close_work(WorkKind.SCAN, scan_id, Decision.APPROVED, by)
    again = collective.state == ReviewState.APPROVED
    _change_state(collective, ReviewState.APPROVED, Decision.APPROVED, by)
    if Collective.objects.filter(pk=collective.pk, onboarded_at=None).update(onboarded_at=timezone.now()):
        collective_let_in.send(sender=Collective, collective=collective)
    _leave_changes(collective, by)
    decide_profile(collective, ReviewState.APPROVED)
    publish(collective)
    recognise_owner(collective)
    if again:
        emails.send_renewed(collective, occasion=scan_id)
    else:
        emails.send_approved(collective, occasion=scan_id)


@transaction.atomic
def return_collective(collective: Collective, by: User, reason: str, *, scan_id: int) -> None:
    """Send the scan back with a reason; the caller reopens the scan and mails its link.

    What it proposes for the page of a collective that is in waits no longer; the public text stays.
    """
    hold(collective)
    close_work(WorkKind.SCAN, scan_id, Decision.RETURNED, by)
    if collective.state == ReviewState.APPROVED:
        _leave_changes(collective, by)
        decide_profile(collective, ReviewState.RETURNED)
    _change_state(collective, ReviewState.RETURNED, Decision.RETURNED, by, reason)


@transaction.atomic
def refuse_collective(collective: Collective, by: User, reason: str, *, scan_id: int) -> None:
    """Refuse with a reason, which is mailed; the page and the pin stay away, or as they are for one that is in."""
    hold(collective)
    close_work(WorkKind.SCAN, scan_id, Decision.REFUSED, by)
    again = collective.state == ReviewState.APPROVED
    _change_state(collective, ReviewState.REFUSED, Decision.REFUSED, by, reason)
    _leave_changes(collective, by)
    decide_profile(collective, ReviewState.REFUSED)
    if again:
        emails.send_renewal_refused(collective, reason, occasion=scan_id)
    else:
        emails.send_refused(collective, reason, occasion=scan_id)


@transaction.atomic
def merge_collective(collective: Collective, into: Collective, by: User, *, scan_id: int) -> None:
    """The waiting collective turns out to be one that is here: its text waits there as a change of that page.

    The page, pin, address and consents of `into` stay as they are until somebody approves the change.
    """
    if collective.pk == into.pk:
        raise ValueError(gettext("A collective can't be merged with itself."))
    hold(collective, into)
    close_work(WorkKind.SCAN, scan_id, Decision.MERGED, by)
    _change_state(collective, ReviewState.REFUSED, Decision.MERGED, by)
    Collective.objects.filter(pk=collective.pk).update(merged_into=into)
    proposed = CollectiveProfile.objects.filter(collective=collective, state=ReviewState.PENDING).first()
    if proposed:
        for replaced in CollectiveProfile.objects.filter(collective=into, state=ReviewState.PENDING):
            supersede_work(WorkKind.REVISION, replaced.pk, by)
            replaced.delete()
        newest = into.profiles.aggregate(newest=Max("revision"))["newest"] or 0
        CollectiveProfile.objects.filter(pk=proposed.pk).update(collective=into, revision=newest + 1)
        open_work(WorkKind.REVISION, proposed.pk, title=proposed.name, collective=into)
    remove_pin(collective)
