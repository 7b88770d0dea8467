"""Reporting a page: anybody may, the team decides once and answers."""

import pytest

from collectievekracht.common.models import AuditEvent, SentMail
from members.choices import AbuseReason, Decision, ReviewState, WorkKind
from members.models import AbuseReport, WorkItem
from members.services.abuse import decide_abuse, report_abuse, thing_at
from members.services.work import AlreadyDecided
from tests.factories.members import CollectiveFactory, UserFactory
from tests.factories.signing_in import enter_admin, sign_in

REPORT = {
    "pagina": "/collectieven/zonnig-dorp/",
    "reason": "wrong",
    "text": "Dit collectief bestaat niet meer.",
    "email": "melder@voorbeeld.example",
    "website": "",
}


@pytest.fixture
def collective(terms):
    return CollectiveFactory(published=True, name="Zonnig Dorp", slug="zonnig-dorp")


@pytest.mark.parametrize(
    ("path", "about"),
    [
        ("/collectieven/zonnig-dorp/", "collective"),
        ("/en/collectieven/zonnig-dorp/?a=b#c", "collective"),
        ("/collectieven/bestaat-niet/", "collective"),
        ("/", "pages:home"),
        ("/over/", "pages:about"),
        ("/mijn/", None),
        ("/en/mijn/", None),
        ("/zelfscan/abc/", None),
        ("/beheer/", None),
        ("//elders.example/", None),
        ("/\\elders.example/", None),
        ("https://elders.example/collectieven/zonnig-dorp/", None),
        ("javascript:alert(1)", None),
        ("/bestaat/helemaal/niet/", None),
        ("", None),
    ],
)
def test_only_public_pages_of_this_site_can_be_reported(collective, path, about):
    thing = thing_at(path)

    assert (thing.about if thing else None) == about


def test_a_visitor_reports_and_the_team_finds_it(client, collective):
    response = client.post("/melden/", REPORT)

    assert (response.status_code, response["Location"]) == (302, "/melden/?verstuurd=ja")
    report = AbuseReport.objects.get()
    assert (report.about, report.target_id, report.address, report.reason, report.text) == (
        "collective", collective.pk, REPORT["pagina"], "wrong", REPORT["text"],
    )  # fmt: skip
    assert (report.email, report.reporter, report.state) == (REPORT["email"], None, ReviewState.PENDING)
    item = WorkItem.objects.get(kind=WorkKind.ABUSE)
    assert (item.target_id, item.collective, item.title) == (
        report.pk,
        collective,
        "Het klopt niet · Zonnig Dorp",
    )


def test_who_is_signed_in_is_not_asked_for_an_address(client, collective):
    person = UserFactory()
    sign_in(client, person)

    shown = client.get("/melden/?pagina=/collectieven/zonnig-dorp/").content.decode()
    assert 'name="email"' not in shown
    assert 'value="/collectieven/zonnig-dorp/"' in shown

    client.post("/melden/", REPORT)
    report = AbuseReport.objects.get()
    assert (report.reporter, report.email) == (person, "")


def test_e3_extra_fields_of_a_report_have_no_effect(client, collective):
    client.post(
        "/melden/",
        REPORT
        | {
            "state": "approved",
            "answer": "x" * 20,
            "target_id": "1",
            "about": "x",
            "reporter": "1",
            "id": "7",
        },
    )

    report = AbuseReport.objects.get()
    assert (report.state, report.answer, report.target_id, report.about, report.reporter) == (
        ReviewState.PENDING, "", collective.pk, "collective", None,
    )  # fmt: skip


def test_the_same_form_twice_is_one_report_and_too_many_are_refused(client, collective):
    key = "6f2c1d90-3a51-4c0e-9f3c-0d4f6f1b2a34"
    for _ in range(2):
        assert client.post("/melden/", REPORT | {"form_key": key}).status_code == 302
    assert AbuseReport.objects.count() == 1

    answers = [client.post("/melden/", REPORT | {"text": f"Nog een melding {number}"}) for number in range(5)]
    assert [answer.status_code for answer in answers] == [302] * 4 + [429]
    assert "Nog een melding 4" in answers[-1].content.decode()
    assert AbuseReport.objects.count() == 5


@pytest.mark.parametrize(
    "wrong",
    [
        {"pagina": "https://elders.example/"},
        {"pagina": "/mijn/"},
        {"pagina": "\x00"},
        {"reason": "anders"},
        {"text": "kort"},
        {"email": "geen adres"},
        {"website": "robot"},
    ],
)
def test_a_wrong_report_says_so_and_keeps_what_was_typed(client, collective, wrong):
    response = client.post("/melden/", REPORT | wrong)

    assert response.status_code == 200
    assert "Er is een probleem" in response.content.decode()
    assert not AbuseReport.objects.exists()


@pytest.mark.parametrize(
    ("decision", "state", "kind"),
    [
        ("approved", ReviewState.APPROVED, Decision.APPROVED),
        ("refused", ReviewState.REFUSED, Decision.REFUSED),
    ],
)
def test_an_admin_decides_and_the_answer_is_mailed(client, collective, decision, state, kind):
    client.post("/melden/", REPORT)
    report = AbuseReport.objects.get()
    enter_admin(client)
    address = f"/beheer/members/abusereport/{report.pk}/beoordelen/"

    assert "Dit collectief bestaat niet meer." in client.get(address).content.decode()
    wrong = client.post(address, {"decision": decision, "answer": "kort"})
    assert wrong.status_code == 200
    assert not SentMail.objects.exists()

    done = client.post(address, {"decision": decision, "answer": "Wij hebben de pagina weggehaald."})
    assert done.status_code == 302
    report.refresh_from_db()
    assert (report.state, report.answer) == (state, "Wij hebben de pagina weggehaald.")
    assert WorkItem.objects.get().decision == kind
    assert [(one.to, one.template) for one in SentMail.objects.all()] == [
        (REPORT["email"], "members/abuse_answered")
    ]
    assert AuditEvent.objects.filter(action=f"abuse.{decision}").count() == 1


def test_of_two_admins_one_decides(collective, django_user_model):
    admin = UserFactory(admin=True)
    report = report_abuse(
        thing_at("/collectieven/zonnig-dorp/"), address="/collectieven/zonnig-dorp/", reason=AbuseReason.WRONG,
        text="Klopt niet.", reporter=None, email="", language="nl",
    )  # fmt: skip
    decide_abuse(report, admin, acted=True, answer="Gedaan, dank je wel.")

    with pytest.raises(AlreadyDecided):
        decide_abuse(report, admin, acted=False, answer="Er is niets aan de hand.")

    report.refresh_from_db()
    assert (report.state, report.answer) == (ReviewState.APPROVED, "Gedaan, dank je wel.")
    assert not SentMail.objects.exists()  # nobody left an address


def test_a_report_is_never_approved_from_the_list(client, collective):
    client.post("/melden/", REPORT)
    enter_admin(client)

    shown = client.post("/beheer/werk/goedkeuren/", {"werk": WorkItem.objects.get().pk}, follow=True)

    assert WorkItem.objects.get().decided_at is None
    assert "eigen woorden" in shown.content.decode()


def test_a_public_page_leads_to_the_report(client, collective):
    shown = client.get("/collectieven/zonnig-dorp/").content.decode()

    assert "/melden/?pagina=/collectieven/zonnig-dorp/" in shown
