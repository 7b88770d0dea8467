"""Undoing an import: what it made goes, what it changed is put back, and what people touched since stays."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db import transaction
from django.utils import timezone

from collectievekracht.common import audit
from members import map_cache
from members.choices import ConsentKind, ImportOutcome, ImportState, ReviewState, WorkKind
from members.import_problems import Problem
from members.import_rows import name_place_key
from members.models import Collective, Consent, ImportBatch, ImportedCollective, ImportLine, User, WorkItem
from members.queries import one_import_at_a_time
from members.services.collectives import hold, legal_form_group, publish, remove_pin
from members.services.import_plans import OF_COLLECTIVE, VERSION, pieces, values_of
from members.services.import_writing import fill_profile, move_pin, rename

# What a collective has by the import itself; a row of anything else says that it is in use.
OF_THE_IMPORT = frozenset(
    {"profiles", "pin", "consents", "history", "work_items", "entry", "imported", "import_lines"}
)


@transaction.atomic
def undo_batch(batch: ImportBatch, by: User) -> bool:
    """Undo an import row by row, as far as nobody touched what it did; False when it was undone already.

    Each line then says what became of it, and why it was left.
    """
    applied = ImportBatch.objects.filter(pk=batch.pk, state=ImportState.APPLIED)
    if not applied.update(state=ImportState.UNDONE, undone_at=timezone.now()):
        return False
    one_import_at_a_time()
    done = batch.lines.filter(outcome__in=[ImportOutcome.MADE, ImportOutcome.UPDATED]).order_by("number")
    for lines in pieces(done):
        _undo(lines, by)
    map_cache.forget()
    batch.refresh_from_db()
    batch.counts = dict(Counter(batch.lines.values_list("outcome", flat=True)))
    batch.save(update_fields=["counts"])
    audit.record(by.pk, "import.undone", batch)
    return True


def _undo(lines: list[ImportLine], by: User) -> None:
    ids = [line.collective_id for line in lines if line.collective_id]
    hold(*Collective.objects.filter(pk__in=ids).only("pk"))
    links = {
        link.collective_id: link
        for link in ImportedCollective.objects.filter(collective__in=ids).select_related(
            "collective", "profile"
        )
    }
    used = _used(ids)
    for line in lines:
        link = links.get(line.collective_id or 0)
        if link is None:
            _left(line, "left_changed")
        elif line.outcome == ImportOutcome.MADE:
            _remove(line, link, by, in_use=link.collective_id in used)
        else:
            _put_back(line, link, by)
        line.before, line.after = {}, {}
    ImportLine.objects.bulk_update(lines, ["outcome", "problems", "before", "after", "collective"])


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


def _left(line: ImportLine, why: str, columns: list[str] | None = None) -> None:
    line.outcome = ImportOutcome.LEFT
    line.problems = [Problem(why, column).as_json() for column in columns or [""]]


def _remove(line: ImportLine, link: ImportedCollective, by: User, *, in_use: bool) -> None:
    collective = link.collective
    if in_use:
        return _left(line, "left_used")
    now = values_of(collective, link.profile)
    changed = [name for name, value in line.after.items() if now.get(name) != value]
    if changed:
        return _left(line, "left_changed", changed)
    consents = list(collective.consents.all())
    by_import = all(one.text_version.startswith(VERSION) and one.withdrawn_at is None for one in consents)
    if collective.profiles.count() != 1 or not by_import or collective.history.count() != 1:
        return _left(line, "left_changed")
    audit.record(by.pk, "collective.import_undone", collective)
    collective.delete()
    line.collective, line.outcome, line.problems = None, ImportOutcome.REMOVED, []
    return None


def _put_back(line: ImportLine, link: ImportedCollective, by: User) -> None:
    collective, before, after = link.collective, line.before, line.after
    now = values_of(collective, link.profile)
    fields = {name: value for name, value in after.items() if name != "consents"}
    changed = [name for name, value in fields.items() if now.get(name) != value]
    newest = collective.profiles.exclude(state=ReviewState.REFUSED).order_by("-revision").first()
    if newest is None or newest.pk != link.profile_id:
        changed += [name for name in fields if name not in OF_COLLECTIVE and name not in changed]
    back = {name: value for name, value in before.items() if name in fields and name not in changed}
    _put_back_text(link, back, before, all_of_it=not changed)
    own = {name: value for name, value in back.items() if name in OF_COLLECTIVE}
    if own:
        Collective.objects.filter(pk=collective.pk).update(**own)
    given = Consent.objects.filter(pk__in=after.get("consents", ()), withdrawn_at=None)
    for consent in given:
        consent.delete()
        if consent.kind in (ConsentKind.PROFILE, ConsentKind.MAP):
            remove_pin(collective)
    collective.refresh_from_db()
    publish(collective)
    link.values = link.values | back
    link.save(update_fields=["values", "profile", "name_place"])
    audit.record(by.pk, "collective.import_undone", collective)
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
