"""The audit trail as the team reads it: who, did what, to which thing, and as a file."""

import csv
import io
import re
from pathlib import Path

import pytest

from collectievekracht.common import audit
from collectievekracht.common.audit_words import WORDS, action_words, kind_words
from collectievekracht.common.models import AuditEvent
from tests.factories.members import CollectiveFactory, UserFactory
from tests.factories.signing_in import enter_admin

LIST = "/beheer/common/auditevent/"
CHECKOUT = Path(__file__).parents[2]
RECORDED = re.compile(
    r"audit\.record(?:_each)?\(\s*[^,]+(?:\([^)]*\))?,\s*f?\"([^\"]+)\"|seen_as = \"([^\"]+)\""
)


def test_every_action_in_the_code_has_words():
    found = {
        (match[1] or match[2]).partition("{")[0].rstrip(".")
        for path in CHECKOUT.glob("*/**/*.py")
        if not {".venv", "tests", "migrations"} & set(path.parts)
        for match in RECORDED.finditer(path.read_text(encoding="utf-8"))
    }
    assert len(found) > 40
    plain = {action for action in found if "." in action}
    assert {action for action in plain if str(action_words(action)) == action} == set()


def test_an_unknown_action_or_kind_stays_its_code():
    assert (action_words("thing.x"), kind_words("no.such")) == ("thing.x", "no.such")
    assert action_words("consent.withdrawn.map") == WORDS["withdrawn"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_queries_and_names_people_and_things(
    client, db, rows, django_assert_num_queries
):
    boss = enter_admin(client)
    for number in range(rows):
        collective = CollectiveFactory(name=f"Zonnig Dorp {number}")
        audit.record(boss.pk, "collective.approved", collective, before="pending", after="approved")
    with django_assert_num_queries(12):
        page = client.get(LIST).content.decode()
    assert page.count("Zonnig Dorp") == rows
    assert page.count("wacht op een besluit → goedgekeurd") == rows
    assert f"/beheer/members/collective/{collective.pk}/change/" in page
    assert f"/beheer/members/user/{boss.pk}/change/" in page


@pytest.mark.parametrize("written", ["{}", "+{}", "0{}", "%20{}"])
def test_whoever_is_looked_at_is_written_down_however_the_address_writes_the_number(client, db, written):
    boss = enter_admin(client)
    person = UserFactory()
    answer = client.get(f"/beheer/members/user/{written.format(person.pk)}/change/")
    assert answer.status_code == 200
    seen = AuditEvent.objects.filter(action="user.seen").values_list("actor", "target")
    assert list(seen) == [(boss.pk, person.pk)]


def test_the_list_is_found_by_person_number_action_and_day(client, db):
    boss = enter_admin(client)
    other = UserFactory(name="Bas Beheer", admin=True)
    audit.record(boss.pk, "collective.approved", ("members.collective", 770077))
    audit.record(other.pk, "join_request.seen", ("members.joinrequest", 8))
    audit.record(None, "person.erased", ("members.user", 999))

    def found(query):
        return [event.action for event in client.get(f"{LIST}?{query}").context["cl"].result_list]

    assert found("q=Bas") == ["join_request.seen"]
    assert found("q=770077") == ["collective.approved"]
    assert found("q=erased") == ["person.erased"]
    assert found(f"wie={boss.pk}") == ["collective.approved"]
    assert found("action=join_request.seen") == ["join_request.seen"]
    assert found("target_type=members.user") == ["person.erased"]
    assert found("at__year=2001") == []
    assert found("") == ["person.erased", "join_request.seen", "collective.approved"]
    assert found("wie=x") == []  # a filter that can't be read never gives everything


def test_the_file_holds_what_the_filters_leave_and_its_download_is_an_event(client, db):
    boss = enter_admin(client)
    UserFactory(pk=42424242, name="=1+1")
    audit.record(42424242, "user.seen", boss)
    audit.record(None, "person.erased", ("members.user", 999))
    answer = client.get(f"{LIST}logboek.csv?q=seen")
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig")), delimiter=";"))
    assert [row[1:4] for row in rows[1:]] == [["42424242", "'=1+1", "user.seen"]]
    newest = AuditEvent.objects.latest("pk")
    assert (newest.actor, newest.action) == (boss.pk, "trail.exported")
    assert client.get(f"{LIST}logboek.csv?action__gek=x").status_code == 400
