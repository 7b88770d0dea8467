"""Undoing an import: what it made goes, what it changed is put back, and what people touched since stays."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import transaction
from django.utils import timezone

from collectievekracht.common import audit
from members import map_cache
from members.choices import ConsentKind, ImportOutcome, ImportState, ReviewState, WorkKind
from members.gazetteer import gazetteer
from members.import_problems import Problem
from members.import_rows import name_place_key
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
    WorkItem,
)
from members.queries import one_import_at_a_time
from members.services.collectives import legal_form_group, publish, remove_pin
from members.services.holding import hold
from members.services.import_plans import OF_COLLECTIVE, PIECE, VERSION, is_still, pieces, values_of
from members.services.import_writing import fill_profile, move_pin, rename

# What a collective has by the import itself; a row of anything else says that it is in use.
OF_THE_IMPORT = frozenset(
    {"profiles", "pin", "consents", "history", "work_items", "entry", "imported", "import_lines"}
)
# What a text may say that no file brings: people added it.
BESIDES = ("target_groups", "impact_areas", "offer_types", "offer_details", "other_texts")
UNDO_WITHIN = timedelta(days=90)
KEEP_UNUSED = timedelta(days=7)  # a file that was looked at only


def may_undo(batch: ImportBatch, moment: datetime) -> bool:
    """Whether this import was brought in, and not too long ago to be undone."""
    in_time = batch.applied_at is not None and batch.applied_at >= moment - UNDO_WITHIN
    return batch.state == ImportState.APPLIED and in_time


@transaction.atomic
def undo_batch(batch: ImportBatch, by: User | None) -> bool:
    """Undo an import row by row, as far as nobody touched what it did; False when it was undone already, or after 90 days.

    Each line then says what became of it, and why it was left.
    """
    applied = ImportBatch.objects.filter(
        pk=batch.pk, state=ImportState.APPLIED, applied_at__gte=timezone.now() - UNDO_WITHIN
    )
    if not applied.update(state=ImportState.UNDONE, undone_at=timezone.now()):
        return False
    one_import_at_a_time()
    done = batch.lines.filter(outcome__in=[ImportOutcome.MADE, ImportOutcome.UPDATED]).order_by("number")
    for lines in pieces(done.iterator(chunk_size=PIECE)):
        _undo(lines, by)
    map_cache.forget()
    batch.refresh_from_db()
    batch.counts = dict(Counter(batch.lines.values_list("outcome", flat=True)))
    batch.save(update_fields=["counts"])
    audit.record(by.pk if by else None, "import.undone", batch)
    return True


def forget_old_imports(moment: datetime) -> int:
    """After 90 days nothing is kept of what stood in a collective before an import, which can't be undone any more.

    A file that was looked at only goes after a week. Gives the number of lines.
    """
    ImportBatch.objects.filter(state=ImportState.CHECKED, made_at__lt=moment - KEEP_UNUSED).delete()
    old = ImportLine.objects.filter(batch__applied_at__lt=moment - UNDO_WITHIN)
    return old.exclude(before={}, after={}).update(before={}, after={})


@dataclass
class _Here:
    """What stands here of the collectives of a piece, read at once."""

    links: dict[int, ImportedCollective]
    used: set[int]
    texts: Counter[int]
    changes: Counter[int]
    newest: dict[int, int]
    consents: defaultdict[int, list[Consent]]
    pins: dict[int, MapPin]

    @classmethod
    def of(cls, ids: list[int]) -> Self:
        found = ImportedCollective.objects.filter(collective__in=ids).select_related("collective", "profile")
        texts = CollectiveProfile.objects.filter(collective__in=ids)
        newest = (
            texts.exclude(state=ReviewState.REFUSED)
            .order_by("collective", "-revision")
            .distinct("collective")
        )
        consents: defaultdict[int, list[Consent]] = defaultdict(list)
        for consent in Consent.objects.filter(collective__in=ids):
            consents[consent.collective_id].append(consent)
        return cls(
            links={link.collective_id: link for link in found},
            used=_used(ids),
            texts=Counter(texts.values_list("collective", flat=True)),
            changes=Counter(
                StateChange.objects.filter(collective__in=ids).values_list("collective", flat=True)
            ),
            newest=dict(newest.values_list("collective", "pk")),
            consents=consents,
            pins={pin.collective_id: pin for pin in MapPin.objects.filter(collective__in=ids)},
        )


def _undo(lines: list[ImportLine], by: User | None) -> None:
    ids = [line.collective_id for line in lines if line.collective_id]
    hold(*Collective.objects.filter(pk__in=ids).only("pk"))
    here = _Here.of(ids)
    gone: list[Collective] = []
    back: list[Collective] = []
    for line in lines:
        link = here.links.get(line.collective_id or 0)
        if link is None:
            _left(line, "left_changed")
        elif line.outcome != ImportOutcome.MADE:
            _put_back(line, link, here, by)
            back.append(link.collective)
        elif _may_go(line, link, here):
            line.collective, line.outcome, line.problems = None, ImportOutcome.REMOVED, []
            gone.append(link.collective)
        line.before, line.after = {}, {}
    audit.record_each(by.pk if by else None, "collective.import_undone", gone + back)
    ImportLine.objects.bulk_update(lines, ["outcome", "problems", "before", "after", "collective"])
    Collective.objects.filter(pk__in=[one.pk for one in gone]).delete()


def _used(ids: list[int]) -> set[int]:
    """The collectives to which anything belongs that no import makes: people, scans, letters, merged ones."""
    found: set[int] = set()
    for relation in Collective._meta.related_objects:
        if relation.get_accessor_name() in OF_THE_IMPORT:
            continue
        name = relation.field.name
        rows: Any = relation.related_model._base_manager
        found.update(rows.filter(**{f"{name}__in": ids}).values_list(name, flat=True))
    return found


def _left(line: ImportLine, why: str, columns: list[str] | None = None) -> bool:
    line.outcome = ImportOutcome.LEFT
    line.problems = [Problem(why, column).as_json() for column in columns or [""]]
    return False


def _may_go(line: ImportLine, link: ImportedCollective, here: _Here) -> bool:
    """Whether nobody touched what the import made; else the line says why it stays."""
    pk = link.collective_id
    if pk in here.used:
        return _left(line, "left_used")
    now = values_of(link.collective, link.profile)
    changed = [name for name, kept in line.after.items() if not is_still(now.get(name), kept)]
    if changed:
        return _left(line, "left_changed", changed)
    this_import = f"{VERSION} {line.batch_id}"
    by_it = all(one.text_version == this_import and one.withdrawn_at is None for one in here.consents[pk])
    added = link.profile is None or any(getattr(link.profile, name) for name in BESIDES)
    as_made = here.texts[pk] == 1 and here.changes[pk] == 1 and by_it and not added
    if not as_made or _is_moved(here.pins.get(pk), now):
        return _left(line, "left_changed")
    return True


def _is_moved(pin: MapPin | None, now: dict[str, Any]) -> bool:
    """Whether the pin stands elsewhere than in the middle of the place, where an import puts it."""
    place = gazetteer.get(now["place"][2]) if now["place"] else None
    return pin is not None and (
        place is None or (pin.latitude, pin.longitude) != (place.latitude, place.longitude)
    )


def _put_back(line: ImportLine, link: ImportedCollective, here: _Here, by: User | None) -> None:
    collective, before, after = link.collective, line.before, line.after
    now = values_of(collective, link.profile)
    fields = {name: kept for name, kept in after.items() if name != "consents"}
    changed = [name for name, kept in fields.items() if not is_still(now.get(name), kept)]
    newest = here.newest.get(collective.pk)
    if newest is None or newest != link.profile_id:
        changed += [name for name in fields if name not in OF_COLLECTIVE and name not in changed]
    back = {name: value for name, value in before.items() if name in fields and name not in changed}
    _put_back_text(link, back, before, all_of_it=not changed)
    own = {name: value for name, value in back.items() if name in OF_COLLECTIVE}
    if own:
        Collective.objects.filter(pk=collective.pk).update(**own)
    if "contact_email" in own:
        audit.record(
            by.pk if by else None, "collective.contact_email", collective,
            before=collective.contact_email, after=own["contact_email"],
        )  # fmt: skip
    mine = after.get("consents", ())
    given = [one for one in here.consents[collective.pk] if one.pk in mine and one.withdrawn_at is None]
    for consent in given:
        consent.delete()
        if consent.kind in (ConsentKind.PROFILE, ConsentKind.MAP):
            remove_pin(collective)
    if given:
        collective.refresh_from_db()
        publish(collective)
    link.values = link.values | back
    link.save(update_fields=["values", "profile", "name_place"])
    problems = [Problem("left_changed", name) for name in changed]
    if before.get("withdrawn"):
        problems.append(Problem("left_consent"))
    line.problems = [problem.as_json() for problem in problems]
    line.outcome = ImportOutcome.LEFT if changed else ImportOutcome.RESTORED


def _put_back_text(
    link: ImportedCollective, back: dict[str, Any], before: dict[str, Any], *, all_of_it: bool
) -> None:
    """The text as it was: its fields, or the revision that stood there before this import's own."""
    profile = link.profile
    text = {name: value for name, value in back.items() if name not in OF_COLLECTIVE}
    if profile is None or not text:
        return
    if "profile" in before and profile.state == ReviewState.PENDING and all_of_it:
        WorkItem.objects.filter(kind=WorkKind.REVISION, target_id=profile.pk, decided_at=None).delete()
        link.profile = link.collective.profiles.get(pk=before["profile"])
        profile.delete()
    else:
        if "place" in text:
            old = [profile.country, profile.place_name, profile.place_id, profile.region]
            move_pin(link.collective, old, text["place"])
        fill_profile(profile, text)
        if "legal_form" in text:
            profile.legal_form_group = legal_form_group(profile.legal_form)
        profile.save()
        rename(link.collective, profile)
    if {"name", "place"} & text.keys() and link.profile and link.profile.place_id:
        link.name_place = name_place_key(link.profile.name, link.profile.place_id)
