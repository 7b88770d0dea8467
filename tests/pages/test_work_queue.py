"""The front page of the admin: what waits, the most urgent first, and what is done from the list."""

from datetime import timedelta

import pytest
from django.utils import timezone

from collectievekracht.common.models import Promise, PromiseState, SentMail
from collectievekracht.pages import work_queue
from members.choices import ReviewState, WorkKind
from members.models import Collective, StateChange, WorkItem
from members.services import work
from members.services.access import request_access
from tests.factories.members import CollectiveFactory, UserFactory
from tests.factories.signing_in import enter_admin
from tests.factories.waiting import waiting_scan

pytestmark = pytest.mark.django_db


def item(title="Zonnig Dorp", *, hours=30, kind=WorkKind.SCAN, **facts):
    """Open work that is due in so many hours."""
    target = WorkItem.objects.count() + 1000
    made = work.open_work(kind, target, title=title, facts=facts)
    WorkItem.objects.filter(pk=made.pk).update(due_at=timezone.now() + timedelta(hours=hours))
    return made


def titles(response):
    return [row.item.title for row in response.context["rows"]]


@pytest.mark.parametrize("count", [1, 3, 20])
def test_the_queue_takes_the_same_queries_for_any_number_of_rows(
    client, instrument, count, django_assert_num_queries
):
    enter_admin(client)
    for number in range(count):
        item(f"Collectief {number}", definition_check={"def_goal": "partly"}, eligibility="review")
    client.get("/beheer/")  # the instrument is read once per process
    with django_assert_num_queries(7):
        response = client.get("/beheer/")
    assert len(titles(response)) == count


def test_what_is_late_comes_first_and_says_how_late(client):
    enter_admin(client)
    item("Later", hours=72)
    item("Twee dagen te laat", hours=-50)
    item("Net te laat", hours=-0.2)
    response = client.get("/beheer/")
    assert titles(response) == ["Twee dagen te laat", "Net te laat", "Later"]
    assert [row.urgency.level for row in response.context["rows"]] == ["late", "late", "later"]


def test_a_row_says_what_to_know(client, instrument):
    enter_admin(client)
    item(
        "Zonnig Dorp",
        reference="CK-ABCD-EFGH",
        eligibility="talk",
        definition_check={"def_citizens": "fits", "def_democratic": "fits_not"},
        similar=[1, 2],
        report="failed",
        data_quality=["very_fast"],
    )
    response = client.get("/beheer/")
    row = response.context["rows"][0]
    assert ("Wie meedoet, beslist mee over wat we samen hebben.", "Klopt niet") in [
        (p.statement, p.answer) for p in row.doubts
    ]
    assert (row.similar, row.report[1], len(row.remarks)) == (2, "clay", 1)
    assert "CK-ABCD-EFGH" in response.content.decode()


def test_filters_and_search_keep_to_the_address(client):
    me = enter_admin(client)
    item("Te laat", hours=-5)
    item("Morgen", hours=30)
    item("Jan", kind=WorkKind.JOIN_REQUEST)
    work.claim_work(WorkItem.objects.get(title="Morgen"), me)
    assert titles(client.get("/beheer/?toon=te-laat")) == ["Te laat"]
    assert titles(client.get("/beheer/?toon=van-mij")) == ["Morgen"]
    assert titles(client.get("/beheer/?toon=van-niemand")) == ["Te laat", "Jan"]
    assert titles(client.get("/beheer/?soort=join_request")) == ["Jan"]
    assert titles(client.get("/beheer/?zoek=morg")) == ["Morgen"]
    assert titles(client.get("/beheer/?zoek=niets")) == []
    assert len(titles(client.get("/beheer/?toon=gek&soort=gek&pagina=-1"))) == 3


@pytest.mark.parametrize(
    "query",
    ["pagina=9999", "pagina=x", "zoek=%F0%9F%8C%BB", "zoek=%27%3B--", "zoek=" + "a" * 3000, "zoek=%ED%A0%80"],
)
def test_strange_filters_are_no_error(client, query):
    enter_admin(client)
    item()
    assert client.get(f"/beheer/?{query}").status_code == 200


def test_html_in_a_name_is_text(client):
    enter_admin(client)
    item("<script>alert(1)</script><img src=x onerror=alert(2)>")
    html = client.get("/beheer/").content.decode()
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_work_is_taken_and_given_back(client):
    me = enter_admin(client)
    made = item()
    taken = client.post(f"/beheer/werk/{made.pk}/nemen/")
    assert set(taken.cookies) <= {"sessionid", "csrftoken"}
    made.refresh_from_db()
    assert made.claimed_by == me
    client.post(f"/beheer/werk/{made.pk}/nemen/")
    made.refresh_from_db()
    assert made.claimed_by is None


def test_what_another_has_taken_stays_theirs(client):
    enter_admin(client)
    other = UserFactory(admin=True, name="Bas Beheer")
    made = item()
    work.claim_work(made, other)
    html = client.post(f"/beheer/werk/{made.pk}/nemen/", follow=True).content.decode()
    made.refresh_from_db()
    assert made.claimed_by == other
    assert "Bas Beheer" in html


def test_what_a_colleague_left_behind_is_taken_over(client):
    me = enter_admin(client)
    other, third = UserFactory(admin=True, name="Bas Beheer"), UserFactory(admin=True)
    made = item()
    work.claim_work(made, other)
    assert f'name="van" value="{other.pk}"' in client.get("/beheer/").content.decode()
    for wrong in (third.pk, "x", "9" * 30, me.pk):
        client.post(f"/beheer/werk/{made.pk}/nemen/", {"van": wrong})
        made.refresh_from_db()
        assert made.claimed_by == other
    client.post(f"/beheer/werk/{made.pk}/nemen/", {"van": other.pk})
    made.refresh_from_db()
    assert made.claimed_by == me


def test_of_two_who_take_work_over_one_has_it(client):
    first, second, third = (UserFactory(admin=True) for _ in range(3))
    made = item()
    work.claim_work(made, first)
    assert work.claim_work(made, second, instead_of=first.pk) is True
    assert work.claim_work(made, third, instead_of=first.pk) is False
    made.refresh_from_db()
    assert made.claimed_by == second


def test_what_a_colleague_reads_is_not_approved_with_the_others(client):
    enter_admin(client)
    bas = UserFactory(admin=True, name="Bas Beheer")
    for name in ("jan", "piet"):
        request_access(
            CollectiveFactory(published=True),
            name=name,
            email=f"{name}@example.org",
            message="",
            language="nl",
        )
    mine, theirs = WorkItem.objects.order_by("pk")
    work.claim_work(theirs, bas)
    response = client.post("/beheer/werk/goedkeuren/", {"werk": [mine.pk, theirs.pk]}, follow=True)
    done, left = [str(message) for message in response.context["messages"]]
    assert done.startswith("1 ")
    assert "Bas Beheer heeft dit opgepakt" in left
    assert list(WorkItem.objects.open()) == [theirs]


def test_the_figures_of_the_filters_are_the_rows_behind_them(client):
    me = enter_admin(client)
    for hours, kind in (
        (-5, WorkKind.SCAN),
        (-4, WorkKind.JOIN_REQUEST),
        (50, WorkKind.SCAN),
        (60, WorkKind.ABUSE),
    ):
        item(f"Dorp {hours}", hours=hours, kind=kind)
    work.claim_work(WorkItem.objects.get(title="Dorp 50"), me)
    for address in (
        "/beheer/",
        "/beheer/?toon=te-laat",
        "/beheer/?soort=scan",
        "/beheer/?zoek=dorp+-&toon=van-niemand",
    ):
        shown = client.get(address).context
        assert shown["total"] == 4
        for _label, count, url, _on in shown["whens"]:
            assert len(titles(client.get(url))) == count, (address, url)
        for _label, count, url, on in shown["kinds"]:
            assert on or len(titles(client.get(url))) == count, (address, url)


def test_rows_lead_to_pages_in_the_language_of_the_list(client):
    enter_admin(client)
    made = item()
    for start in ("", "/en", ""):
        page = client.get(f"{start}/beheer/").content.decode()
        assert f'href="{start}/beheer/selfscan/response/{made.target_id}/beoordelen/"' in page
        assert f'formaction="{start}/beheer/werk/{made.pk}/nemen/?' in page


def test_a_page_that_is_empty_by_now_is_no_empty_queue(client, monkeypatch):
    monkeypatch.setattr(work_queue, "PAGE_SIZE", 2)
    enter_admin(client)
    for number in range(5):
        item(f"Dorp {number}", hours=number + 1)
    assert titles(client.get("/beheer/?pagina=2")) == ["Dorp 2", "Dorp 3"]
    third = client.get("/beheer/?pagina=3")
    assert (titles(third), third.context["next_url"]) == (["Dorp 4"], "")
    back = client.post(
        f"/beheer/werk/{WorkItem.objects.get(title='Dorp 3').pk}/nemen/?pagina=2&toon=van-niemand"
    )
    assert back.url == "/beheer/?toon=van-niemand&pagina=2"
    beyond = client.get("/beheer/?pagina=9")
    assert titles(beyond) == ["Dorp 0", "Dorp 1"]
    assert beyond.context["previous_url"] == ""


@pytest.mark.parametrize("address", ["/beheer/werk/goedkeuren/", "/beheer/werk/1/nemen/"])
def test_acts_take_a_post(client, address):
    enter_admin(client)
    assert client.get(address).status_code == 405


def test_a_post_without_its_token_is_refused(client):
    enter_admin(client)
    client.handler.enforce_csrf_checks = True
    made = item()
    assert client.post(f"/beheer/werk/{made.pk}/nemen/").status_code == 403
    made.refresh_from_db()
    assert made.claimed_by is None


def test_of_many_approved_at_once_the_bad_row_is_named_and_the_others_are_done(client, instrument):
    me = enter_admin(client)
    scans = [waiting_scan(org_name=f"Collectief {n}", contact_email=f"c{n}@example.org") for n in range(20)]
    bad = item("De slechte rij")  # there is no such scan
    pks = list(WorkItem.objects.values_list("pk", flat=True))
    SentMail.objects.all().delete()

    response = client.post("/beheer/werk/goedkeuren/", {"werk": pks}, follow=True)

    approved, wrong = [str(message) for message in response.context["messages"]]
    assert approved.startswith("20 ")
    assert wrong.count("<li>") == 1
    assert "De slechte rij" in wrong
    assert Collective.objects.filter(state=ReviewState.APPROVED).count() == 20
    assert StateChange.objects.filter(actor=me).count() == 20
    assert SentMail.objects.filter(template="members/approved").count() == 20
    assert list(WorkItem.objects.open()) == [bad]
    assert len(scans) == 20

    again = client.post("/beheer/werk/goedkeuren/", {"werk": pks}, follow=True)
    (wrong,) = [str(message) for message in again.context["messages"]]
    assert wrong.count("<li>") == 21
    assert SentMail.objects.filter(template="members/approved").count() == 20


def test_a_title_with_html_is_text_in_the_message_too(client):
    enter_admin(client)
    made = item("<b>vet</b>")
    response = client.post("/beheer/werk/goedkeuren/", {"werk": [made.pk]}, follow=True)
    assert "<b>vet</b>" not in response.content.decode()


@pytest.mark.parametrize(
    "posted", [{}, {"werk": ["x", "-1", "9" * 30, "\u0000"]}, {"werk": "1e9", "state": "approved"}]
)
def test_nothing_usable_marked_changes_nothing(client, posted):
    enter_admin(client)
    item()
    assert client.post("/beheer/werk/goedkeuren/", posted).status_code == 302
    assert WorkItem.objects.open().count() == 1


def test_requests_for_access_are_approved_from_the_list_too(client):
    enter_admin(client)
    collective = CollectiveFactory(published=True)
    request_access(collective, name="Jan", email="jan@example.org", message="", language="nl")
    client.post("/beheer/werk/goedkeuren/", {"werk": [WorkItem.objects.get().pk]})
    assert collective.join_requests.get().state == ReviewState.APPROVED


def test_the_next_piece_is_the_most_urgent_that_nobody_else_has(client):
    enter_admin(client)
    first, second, third = item("1", hours=-9), item("2", hours=-5), item("3", hours=5)
    work.claim_work(first, UserFactory(admin=True))
    response = client.get("/beheer/werk/volgende/")
    assert response.url == f"/beheer/selfscan/response/{second.target_id}/beoordelen/"
    after = client.get(f"/beheer/werk/volgende/?na={second.pk}")
    assert after.url == f"/beheer/selfscan/response/{third.target_id}/beoordelen/"
    assert client.get("/beheer/werk/volgende/?na=x").status_code == 302


def test_when_nothing_waits_the_next_piece_is_the_queue_itself(client):
    enter_admin(client)
    assert client.get("/beheer/werk/volgende/").url == "/beheer/"
    assert client.get("/beheer/").status_code == 200


def test_tasks_that_failed_are_shown_and_can_be_tried_again(client, settings):
    settings.OUTBOX_PUBLISH = False
    enter_admin(client)
    failed = Promise.objects.create(
        task="selfscan.build_report", target=5, state=PromiseState.FAILED, attempts=3
    )
    assert "state__exact=failed" in client.get("/beheer/").content.decode()
    posted = {"action": "try_again", "_selected_action": [failed.pk]}
    client.post("/beheer/common/promise/", posted)
    failed.refresh_from_db()
    assert (failed.state, failed.attempts) == (PromiseState.OPEN, 0)


def test_the_states_of_all_collectives_are_counted(client):
    enter_admin(client)
    CollectiveFactory.create_batch(3, published=True)
    CollectiveFactory(proposed=True)
    states = {state: count for _label, count, state in client.get("/beheer/").context["states"]}
    assert states == {"pending": 1, "returned": 0, "refused": 0, "approved": 3}
