"""Bringing in existing collectives: what is made, changed and left, and undoing it."""

import io
import tracemalloc
from datetime import timedelta
from time import process_time

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone, translation
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from collectievekracht.common.models import AuditEvent, SentMail
from members.choices import ConsentKind, ImportState, Role, WorkKind
from members.import_problems import FileProblem, Problem
from members.models import (
    Collective,
    CollectiveProfile,
    Consent,
    DirectoryEntry,
    ImportBatch,
    ImportedCollective,
    ImportLine,
    MapPin,
    Membership,
    StateChange,
    WorkItem,
)
from members.services import work
from members.services.access import join
from members.services.collectives import ProfileFacts, propose_profile
from members.services.consents import withdraw_consent
from members.services.import_undo import forget_old_imports, undo_batch
from members.services.imports import apply_batch, check_file, discard_batch, import_file, plan_file
from members.services.revisions import approve_revision
from tests.factories.members import CollectiveFactory, UserFactory
from tests.members.imports import GOOD, csv_bytes, csv_file, xlsx_bytes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("terms")]
WRITTEN = (Collective, CollectiveProfile, Consent, MapPin, StateChange, ImportedCollective, ImportBatch, ImportLine,
           WorkItem, AuditEvent, SentMail, Membership, DirectoryEntry)  # fmt: skip


@pytest.fixture
def boss(db):
    return UserFactory(admin=True)


def bring_in(by, *rows):
    return import_file(csv_file(*rows), name="bestand.csv", by=by)


def outcomes(batch):
    return [
        (line.number, line.outcome, [str(Problem.from_json(one)) for one in line.problems])
        for line in batch.lines.order_by("number")
    ]


def everything():
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in WRITTEN}


def of_collectives():
    kept = (Collective, CollectiveProfile, Consent, MapPin, StateChange, ImportedCollective, DirectoryEntry)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in kept}


def test_a_row_with_consent_becomes_a_public_collective(boss):
    batch = bring_in(boss, GOOD)

    one = Collective.objects.get()
    page = one.published_profile
    assert outcomes(batch) == [(2, "made", [])]
    assert (batch.state, batch.counts, batch.content, batch.made_by) == ("applied", {"made": 1}, None, boss)
    assert (one.slug, one.name, one.state, one.activity, one.contact_email, one.country, one.language) == (
        "zonnig-dorp", "Zonnig Dorp", "approved", "active", "bestuur@zonnig.example", "nl", "nl",
    )  # fmt: skip
    assert (page.place_name, page.place_id, page.region, page.founding_year, page.state) == (
        "Zwolle", 2743477, "NL-OV", 2014, "approved",
    )  # fmt: skip
    assert (page.sectors, page.main_sector, page.legal_form, page.legal_form_group, page.geo_scale) == (
        ["energy", "care"], "energy", "nl_cooperative", "cooperative", "village",
    )  # fmt: skip
    assert list(
        one.consents.order_by("kind").values_list("kind", "text", "text_version", "given_at__date")
    ) == [
        (kind, "mail van het bestuur", f"import {batch.pk}", one.consents.first().given_at.date())
        for kind in ("map", "profile")
    ]
    assert str(one.consents.first().given_at.date()) == "2024-05-31"
    assert (one.pin.latitude, one.pin.longitude, one.pin.precision) == (52.5125, 6.09444, "place_level")
    assert DirectoryEntry.objects.get().slug == "zonnig-dorp"
    assert SentMail.objects.count() == 0
    assert list(AuditEvent.objects.order_by("pk").values_list("action", "actor")) == [
        ("collective.imported", boss.pk),
        ("import.applied", boss.pk),
    ]


def test_without_a_yes_there_is_no_page_and_no_pin(boss):
    bring_in(boss, GOOD | dict.fromkeys(("consent_page", "consent_map", "description"), ""))

    one = Collective.objects.get()
    assert (one.state, one.published_profile, one.consents.count()) == ("approved", None, 0)
    assert (MapPin.objects.count(), DirectoryEntry.objects.count()) == (0, 0)


def test_without_an_admin_every_text_waits(boss):
    bring_in(None, GOOD)

    one = Collective.objects.get()
    waiting = WorkItem.objects.get()
    assert (one.published_profile, DirectoryEntry.objects.count()) == (None, 0)
    assert (waiting.kind, waiting.target_id, waiting.decided_at) == (
        WorkKind.REVISION,
        one.profiles.get().pk,
        None,
    )

    approve_revision(one.profiles.get(), boss)
    assert DirectoryEntry.objects.get().slug == "zonnig-dorp"
    before = of_collectives()
    assert outcomes(bring_in(None, GOOD)) == [(2, "unchanged", [])]
    assert of_collectives() == before


def test_a_new_text_of_a_public_page_waits_without_an_admin(boss):
    bring_in(boss, GOOD)
    batch = bring_in(None, GOOD | {"description": "Een nieuwe tekst."})

    one = Collective.objects.get()
    assert one.published_profile.description == "Samen wekken wij stroom op."
    assert WorkItem.objects.get().target_id == one.profiles.get(state="pending").pk
    assert outcomes(bring_in(None, GOOD | {"description": "Een nieuwe tekst."})) == [(2, "unchanged", [])]

    assert undo_batch(batch, boss) is True
    assert outcomes(batch) == [(2, "restored", [])]
    assert (WorkItem.objects.count(), one.profiles.count()) == (0, 1)


@pytest.mark.parametrize("count", [1, 3])
def test_the_same_file_again_changes_nothing(boss, count):
    rows = [GOOD | {"key": f"K{n}", "name": f"Dorp {n}"} for n in range(count)]
    bring_in(boss, *rows)
    before = of_collectives()

    batch = bring_in(boss, *rows)

    assert batch.counts == {"unchanged": count}
    assert of_collectives() == before


def test_untouched_fields_are_updated_and_touched_ones_stay(boss):
    bring_in(boss, GOOD)
    one = Collective.objects.get()
    CollectiveProfile.objects.update(website="https://eigen.example/")

    batch = bring_in(
        boss,
        GOOD
        | {
            "name": "Zonnig Zwolle",
            "website": "https://oud.example/",
            "contact_email": "nieuw@zonnig.example",
        },
    )

    assert outcomes(batch) == [
        (2, "updated", ["website: dit is hier intussen veranderd; het blijft zoals het is."])
    ]
    one.refresh_from_db()
    page = one.published_profile
    assert (one.name, one.sort_name, one.contact_email, page.name, page.website) == (
        "Zonnig Zwolle", "zonnig zwolle", "nieuw@zonnig.example", "Zonnig Zwolle", "https://eigen.example/",
    )  # fmt: skip
    assert AuditEvent.objects.filter(action="collective.contact_email", target=one.pk).count() == 1


def test_a_text_of_the_collective_itself_is_never_overwritten(boss):
    bring_in(boss, GOOD)
    one = Collective.objects.get()
    facts = ProfileFacts(
        name="Zonnig Dorp", description="Onze eigen tekst.", country="nl", place_name="Zwolle"
    )
    propose_profile(one, facts)

    batch = bring_in(boss, GOOD | {"description": "Uit het oude bestand.", "founding_year": "2015"})

    assert [(line.outcome, len(line.problems)) for line in batch.lines.all()] == [("unchanged", 7)]
    assert one.profiles.get(state="pending").description == "Onze eigen tekst."


def test_an_empty_cell_takes_nothing_away(boss):
    bring_in(boss, GOOD)
    assert bring_in(boss, {"key": "CK-1", "name": "Zonnig Dorp", "place": "Zwolle"}).counts == {
        "unchanged": 1
    }


def test_a_consent_that_was_withdrawn_is_not_given_again(boss):
    bring_in(boss, GOOD)
    one = Collective.objects.get()
    withdraw_consent(one, ConsentKind.PROFILE)

    assert outcomes(bring_in(boss, GOOD)) == [
        (2, "unchanged", ["toestemming pagina: het collectief heeft hier zelf over beslist; dat blijft zo."])
    ]
    one.refresh_from_db()
    assert one.published_profile is None


def test_a_no_takes_back_what_an_import_gave(boss):
    bring_in(boss, GOOD)
    batch = bring_in(boss, GOOD | {"consent_page": "nee", "consent_map": "nee"})

    assert batch.counts == {"updated": 1}
    assert (DirectoryEntry.objects.count(), MapPin.objects.count()) == (0, 0)
    undo_batch(batch, boss)
    assert outcomes(batch) == [
        (
            2,
            "restored",
            ["een toestemming komt niet terug door ongedaan maken: vraag het collectief opnieuw."],
        )
    ]


def test_without_a_page_the_yes_to_the_map_goes_too(boss):
    bring_in(boss, GOOD)
    bring_in(boss, GOOD | {"consent_page": "nee", "consent_map": ""})
    assert (MapPin.objects.count(), Consent.objects.in_force().count()) == (0, 0)


def test_a_moved_place_moves_the_pin(boss):
    bring_in(boss, GOOD)
    bring_in(boss, GOOD | {"place": "Deventer"})

    one = Collective.objects.get()
    assert one.published_profile.place_name == "Deventer"
    assert one.pin.latitude == pytest.approx(52.255, abs=0.01)
    assert bring_in(boss, GOOD | {"place": "Deventer"}).counts == {"unchanged": 1}


def test_a_collective_that_is_here_by_itself_stays_as_it_is(boss):
    CollectiveFactory(published=True, name="Zonnig Dorp")
    before = of_collectives()

    batch = bring_in(boss, GOOD)

    assert outcomes(batch) == [
        (2, "unchanged", ["dit collectief staat hier al zelf; het inbrengen laat het zoals het is."])
    ]
    assert of_collectives() == before


def test_doubles_in_the_file_and_other_keys_are_refused(boss):
    batch = bring_in(boss, GOOD, GOOD, GOOD | {"key": "CK-2"}, GOOD | {"key": "", "name": "Zonnig  dorp"})
    assert outcomes(batch) == [
        (2, "made", []),
        (3, "refused", ["sleutel: rij 2 heeft dezelfde sleutel."]),
        (4, "refused", ["naam: rij 2 heeft dezelfde naam en plaats."]),
        (5, "refused", ["naam: rij 2 heeft dezelfde naam en plaats."]),
    ]
    again = bring_in(boss, GOOD | {"key": "CK-9"})
    assert outcomes(again) == [
        (2, "refused", ["sleutel: dit collectief is eerder ingebracht met een andere sleutel: CK-1."])
    ]


def test_same_names_get_addresses_of_their_own(boss):
    CollectiveFactory(slug="zonnig-dorp", name="Iets anders")
    bring_in(boss, GOOD, GOOD | {"key": "CK-2", "place": "Deventer"}, GOOD | {"key": "3", "name": "Agenda"})
    found = Collective.objects.exclude(name="Iets anders").order_by("pk")
    assert [one.slug for one in found] == ["zonnig-dorp-2", "zonnig-dorp-3", "agenda-collectief"]


def test_whoever_proved_the_address_already_represents_it(boss):
    person = UserFactory(email="bestuur@zonnig.example")
    bring_in(boss, GOOD)
    assert list(person.memberships.values_list("role", flat=True)) == [Role.REPRESENTATIVE]
    assert SentMail.objects.count() == 0


def test_whoever_proved_a_changed_address_represents_it_too(boss):
    person = UserFactory(email="nieuw@zonnig.example")
    bring_in(boss, GOOD)
    bring_in(boss, GOOD | {"contact_email": person.email})
    assert list(person.memberships.values_list("role", flat=True)) == [Role.REPRESENTATIVE]


def test_a_file_that_was_only_looked_at_is_kept_for_a_week(boss):
    batch = check_file(csv_bytes(GOOD), name="leden.csv", by=boss, texts_wait=False)
    for days, left in ((6, 1), (8, 0)):
        ImportBatch.objects.filter(pk=batch.pk).update(made_at=timezone.now() - timedelta(days=days))
        forget_old_imports(timezone.now())
        assert ImportBatch.objects.count() == left


def test_a_dry_run_writes_nothing(boss):
    bring_in(boss, GOOD)
    before = everything()
    plans = list(
        plan_file(csv_file(GOOD | {"website": "https://ander.example/"}, GOOD | {"key": "9", "name": "B"}))
    )
    assert [plan.outcome for plan in plans] == ["updated", "made"]
    assert everything() == before


def test_a_file_that_breaks_off_brings_in_nothing(boss):
    before = everything()
    with pytest.raises(FileProblem):
        import_file(io.BytesIO(csv_bytes(GOOD) + b'"' + b"x" * 200_000), name="x.csv", by=boss)
    assert everything() == before


def test_undoing_removes_what_was_made(boss):
    before = of_collectives()
    batch = bring_in(boss, GOOD, GOOD | {"key": "2", "name": "Ander Dorp"})

    assert undo_batch(batch, boss) is True
    assert undo_batch(batch, boss) is False

    assert outcomes(batch) == [(2, "removed", []), (3, "removed", [])]
    assert of_collectives() == before
    assert (batch.state, batch.counts) == (ImportState.UNDONE, {"removed": 2})


def test_undoing_leaves_what_people_touched_and_says_so(boss):
    rows = [GOOD | {"key": str(n), "name": f"Dorp {n}"} for n in range(4)]
    batch = bring_in(boss, *rows)
    one, two, three, _four = Collective.objects.order_by("pk")
    CollectiveProfile.objects.filter(collective=one).update(website="https://eigen.example/")
    join(UserFactory(), two, Role.REPRESENTATIVE)
    withdraw_consent(three, ConsentKind.MAP)

    undo_batch(batch, boss)

    assert outcomes(batch) == [
        (2, "left", ["website: dit is intussen veranderd en blijft dus staan."]),
        (3, "left", ["er horen intussen mensen of andere dingen bij; het blijft dus staan."]),
        (4, "left", ["dit is intussen veranderd en blijft dus staan."]),
        (5, "removed", []),
    ]
    assert list(Collective.objects.order_by("pk")) == [one, two, three]


def add_what_no_file_brings(one):
    CollectiveProfile.objects.filter(collective=one).update(offer_details="Kom langs op de thee.")


def move_its_pin(one):
    MapPin.objects.filter(collective=one).update(latitude=52.6)


def say_yes_by_another_file(one):
    Consent.objects.filter(collective=one, kind=ConsentKind.MAP).update(text_version="import 0")


@pytest.mark.parametrize("touch", [add_what_no_file_brings, move_its_pin, say_yes_by_another_file])
def test_undoing_loses_nothing_that_the_file_did_not_bring(boss, touch):
    batch = bring_in(boss, GOOD)
    one = Collective.objects.get()
    touch(one)
    before = of_collectives()
    undo_batch(batch, boss)
    assert outcomes(batch) == [(2, "left", ["dit is intussen veranderd en blijft dus staan."])]
    assert of_collectives() == before


def test_an_address_that_is_put_back_is_written_down(boss):
    bring_in(boss, GOOD)
    batch = bring_in(boss, GOOD | {"contact_email": "nieuw@zonnig.example"})
    undo_batch(batch, boss)
    events = AuditEvent.objects.filter(action="collective.contact_email", actor=boss.pk).order_by("pk")
    (there, back) = [(event.before, event.after) for event in events]
    assert back == there[::-1]


def test_undoing_puts_back_what_was_updated(boss):
    bring_in(boss, GOOD | {"consent_map": ""})
    before = of_collectives()
    changed = {"name": "Nieuw", "place": "Deventer", "sectors": "food", "activity": "gestopt", "legal_form": "nl_association",
               "description": "Iets anders."}  # fmt: skip
    batch = bring_in(boss, GOOD | changed)

    undo_batch(batch, boss)

    assert outcomes(batch) == [(2, "restored", [])]
    assert of_collectives() == before


def test_a_thousand_rows_take_little_time_and_no_more_memory_than_four_hundred(boss):
    """A tenth of what `make bench` measures: 10,000 rows in two minutes, in constant memory."""

    def bring(rows, key):
        file = csv_file(*[GOOD | {"key": f"{key}{n}", "name": f"Dorp {key}{n}"} for n in range(rows)])
        tracemalloc.reset_peak()
        before, begun = tracemalloc.get_traced_memory()[0], process_time()
        import_file(file, name="groot.csv", by=boss)
        return tracemalloc.get_traced_memory()[1] - before, process_time() - begun

    tracemalloc.start()
    bring(200, "a")  # the gazetteer and the vocabulary are read once
    some, _time = bring(400, "b")
    many, took = bring(1_000, "c")
    tracemalloc.stop()
    assert many <= 1.5 * some
    assert took <= 24, "twice as much as a tenth of two minutes, because memory is being watched"


@pytest.mark.parametrize("rows", [1, 30])
def test_letting_texts_wait_asks_the_same_however_many_there_are(boss, rows, django_assert_max_num_queries):
    file = [GOOD | {"key": str(n), "name": f"Dorp {n}"} for n in range(rows)]
    with django_assert_max_num_queries(60):
        bring_in(None, *file)
    assert (
        WorkItem.objects.open().filter(due_at=work.due_at(WorkItem.objects.first().opened_at)).count() == rows
    )


@pytest.mark.parametrize(("rows", "most"), [(1, 80), (20, 240)])
def test_what_is_changed_and_put_back_takes_few_queries_a_row(
    boss, rows, most, django_assert_max_num_queries
):
    first = [GOOD | {"key": str(n), "name": f"Dorp {n}"} for n in range(rows)]
    bring_in(boss, *first)
    with django_assert_max_num_queries(most):
        batch = bring_in(boss, *[row | {"description": "Anders.", "activity": "gestopt"} for row in first])
    assert batch.counts == {"updated": rows}
    with django_assert_max_num_queries(most):
        assert undo_batch(batch, boss)
    assert batch.counts == {"restored": rows}


@pytest.mark.parametrize("rows", [1, 30])
def test_undoing_asks_the_same_however_many_were_made(boss, rows, django_assert_max_num_queries):
    batch = bring_in(boss, *[GOOD | {"key": str(n), "name": f"Dorp {n}"} for n in range(rows)])
    with django_assert_max_num_queries(90):
        assert undo_batch(batch, boss)
    assert (batch.counts, Collective.objects.count()) == ({"removed": rows}, 0)
    undone = AuditEvent.objects.filter(action="collective.import_undone", actor=boss.pk)
    assert undone.count() == rows


def test_a_line_keeps_marks_of_what_was_written_and_no_words(boss):
    line = bring_in(boss, GOOD).lines.get()
    kept = f"{line.before} {line.after}"
    assert line.after.keys() >= {"contact_email", "description"}
    assert "bestuur@zonnig.example" not in kept
    assert GOOD["description"] not in kept


def test_an_import_can_be_undone_for_90_days_and_is_then_forgotten(boss):
    batch = bring_in(boss, GOOD)
    ImportBatch.objects.filter(pk=batch.pk).update(applied_at=timezone.now() - timedelta(days=89))
    assert forget_old_imports(timezone.now()) == 0
    ImportBatch.objects.filter(pk=batch.pk).update(applied_at=timezone.now() - timedelta(days=91))
    assert forget_old_imports(timezone.now()) == 1
    line = batch.lines.get()
    assert (line.before, line.after) == ({}, {})
    assert undo_batch(batch, boss) is False
    assert Collective.objects.count() == 1


def test_the_command_undoes_an_import_by_its_number(tmp_path, capsys, boss):
    file = tmp_path / "leden.csv"
    file.write_bytes(csv_bytes(GOOD))
    call_command("import_collectives", file, by=boss.email)
    number = ImportBatch.objects.get().pk
    assert f"--undo {number}" in capsys.readouterr().err
    call_command("import_collectives", undo=number)
    assert Collective.objects.count() == 0
    for wrong in ({"undo": number}, {"undo": 0}, {}):
        with pytest.raises(CommandError):
            call_command("import_collectives", **wrong)
    with pytest.raises(CommandError):
        call_command("import_collectives", file, undo=number)


def test_a_kept_file_is_brought_in_once_and_then_forgotten(boss):
    batch = check_file(xlsx_bytes(GOOD), name="C:\\map\\leden.xlsx", by=boss, texts_wait=False)
    assert (batch.file_name, batch.state, batch.counts) == ("leden.xlsx", "checked", {"made": 1})
    assert (Collective.objects.count(), outcomes(batch)) == (0, [(2, "made", [])])

    assert apply_batch(batch, boss) is True
    assert apply_batch(batch, boss) is False
    assert discard_batch(batch) is False

    batch.refresh_from_db()
    assert (batch.state, batch.content, batch.counts, Collective.objects.count()) == (
        "applied",
        None,
        {"made": 1},
        1,
    )


def test_the_queries_of_a_known_file_do_not_grow_with_its_rows(boss, django_assert_num_queries):
    rows = [GOOD | {"key": str(n), "name": f"Dorp {n}"} for n in range(3)]
    bring_in(boss, *rows)
    for count in (1, 3):
        with django_assert_num_queries(4):
            list(plan_file(csv_file(*rows[:count])))


WORDS = st.sampled_from(
    ["", "Zonnig Dorp", "Zwolle", "ja", "nee", "=1+1", "x\x00y", "2014", "energy", "nl", "Nijlen", "@x", "-"]
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.fixed_dictionaries({name: WORDS | st.just(GOOD[name]) for name in GOOD}), min_size=1, max_size=4
    )
)
def test_bringing_in_twice_is_bringing_in_once(boss, rows):
    assume(any("".join(row.values()).strip() for row in rows))
    for collective in Collective.objects.all():
        collective.delete()
    ImportBatch.objects.all().delete()
    planned = [plan.outcome for plan in plan_file(csv_file(*rows))]
    first = bring_in(boss, *rows)
    before = of_collectives()
    second = bring_in(boss, *rows)

    expected = ["unchanged" if outcome == "made" else outcome for outcome in planned]
    assert [line.outcome for line in first.lines.order_by("number")] == planned
    assert [line.outcome for line in second.lines.order_by("number")] == expected
    assert of_collectives() == before


def test_the_command_says_what_it_does(tmp_path, capsys, boss):
    path = tmp_path / "leden.csv"
    path.write_bytes(csv_bytes(GOOD, GOOD | {"key": "2", "name": "B", "place": "Nergens"}))

    with translation.override("en"):
        call_command("import_collectives", str(path), "--dry-run")
        assert Collective.objects.count() == 0
        call_command("import_collectives", str(path), "--by", boss.email)
        call_command("import_collectives", str(path))

    refused = "3 refused B; place: we don't know a place of this name. Look at the spelling."
    totals = "made: {}, updated: 0, unchanged: {}, refused: 1"
    assert capsys.readouterr().out.splitlines() == [
        "2 made Zonnig Dorp", refused, totals.format(1, 0), "This was a dry run: nothing was written.",
        "2 made Zonnig Dorp", refused, totals.format(1, 0),
        "2 unchanged Zonnig Dorp", refused, totals.format(0, 1),
    ]  # fmt: skip


def test_the_command_refuses_a_stranger_and_a_missing_file(tmp_path):
    with pytest.raises(CommandError):
        call_command("import_collectives", str(tmp_path / "geen.csv"))
    with pytest.raises(CommandError):
        call_command("import_collectives", str(tmp_path / "geen.csv"), "--by", "x@voorbeeld.example")
