"""Repeating a scan: invited once, begun once, facts proposed and never taken for answers, and what becomes public."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from collectievekracht.common.models import SentMail
from members.choices import Activity, ConsentKind, PinPrecision, ReviewState, Role, WorkKind
from members.models import Collective, CollectiveTraits, Consent, Notification, WorkItem
from members.services.collectives import ProfileFacts, propose_profile
from members.services.revisions import facts_of
from members.services.work import open_work
from selfscan import publication
from selfscan.choices import ResponseState
from selfscan.models import Response
from selfscan.repeat import may_be_proposed, proposals_of
from selfscan.services import (
    approve_response,
    complete_response,
    forget_expired_drafts,
    refuse_response,
    return_response,
)
from selfscan.services.repeats import TooSoon, begin_repeat, invite_repeats
from tests.factories.members import MembershipFactory, UserFactory
from tests.factories.scans import YEAR, example, scans
from tests.factories.signing_in import enter_admin, sign_in
from tests.factories.waiting import waiting_scan
from tests.selfscan.forms import errors_of, forms_of

pytestmark = pytest.mark.django_db

ABOUT = {
    "org_name", "country", "place", "postcode", "website", "short_description", "founding_year", "sectors",
    "main_sector", "legal_form", "phase", "geo_scale", "definition_check", "respondent_role",
}  # fmt: skip
FACTS = ABOUT | {"rules_in_place", "assets_owned", "partners"}


def years_back(scan, days=366):
    """The clock stands that much later: everything of the scan happened before."""
    at = timezone.now() - timedelta(days=days)
    Response.objects.filter(pk=scan.pk).update(completed_at=at, saved_at=at)
    scan.refresh_from_db()
    return scan


@pytest.fixture
def admin(db):
    return UserFactory(admin=True)


@pytest.fixture
def approved(instrument, admin):
    """A collective that was let in a year ago, with its scan; consents to page, map and research."""
    scan = waiting_scan()
    approve_response(scan, admin)
    return years_back(Response.objects.select_related("collective", "instrument").get(pk=scan.pk))


@pytest.fixture
def speaker(approved):
    return MembershipFactory(collective=approved.collective).user


@pytest.fixture
def repeat(approved, speaker):
    return begin_repeat(Collective.objects.get(pk=approved.collective_id), speaker, "nl")


def send(repeat, **changes):
    """Answer and send the repeat; publish it into the queue."""
    answers = example() | {"place": {"name": "Ede", "geonames_id": 2756429, "region": "NL-GE"}} | changes
    answers = {code: answer for code, answer in answers.items() if answer is not None}
    Response.objects.filter(pk=repeat.pk).update(answers=answers)
    repeat.refresh_from_db()
    completion = complete_response(repeat)
    assert completion.done, completion.problems
    repeat.refresh_from_db()
    publication.publish_response(repeat.pk, str(repeat.version))
    return Response.objects.select_related("collective", "instrument").get(pk=repeat.pk)


def page_of(collective):
    return Collective.objects.select_related("published_profile").get(pk=collective.pk).published_profile


# --- what is proposed


def test_exactly_the_facts_may_be_proposed(definition):
    assert may_be_proposed(definition) == FACTS


@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_only_facts_that_are_right_are_proposed(definition, data):
    answers = data.draw(scans(definition, complete=False))
    found = proposals_of(definition, answers, (), year=YEAR)
    assert {key.partition("__")[0] for key in found} <= FACTS & answers.keys()
    assert all(found[key] == answers[key] for key in found if key not in ("place", "short_description"))


def test_what_a_newer_version_does_not_compare_is_left_out(edited):
    def entry(code, action, codes=None):
        versions = {"from_version": "2026.1", "to_version": "2027.1"}
        return versions | {"code": code, "action": action, "map": codes, "reason": "A test."}

    changes = [
        entry("phase", "not_comparable"),
        entry("legal_form", "recode", {"nl_cooperative": "nl_association"}),
        entry("geo_scale", "recode", dict.fromkeys(("municipality", "village", "district"), "gone")),
    ]
    newer = edited({"instrument.version": "2027.1", "versioning.migrations": changes})
    from selfscan.versions import way_between

    way = way_between(newer.versioning.migrations, "2026.1", "2027.1")
    answers = example() | {"legal_form": "nl_cooperative", "geo_scale": "village", "country": "nl"}
    found = proposals_of(newer, answers, way, year=YEAR)
    assert "phase" not in found
    assert found["legal_form"] == "nl_association"
    assert "geo_scale" not in found
    assert found["org_name"] == answers["org_name"]


# --- beginning one


def test_a_repeat_proposes_facts_and_answers_nothing(repeat, approved):
    assert repeat.answers == {}
    assert repeat.previous_id == approved.pk
    assert {key.partition("__")[0] for key in repeat.proposals} == FACTS & approved.answers.keys()
    assert not complete_response(repeat).done


def test_the_page_as_it_is_now_goes_before_the_older_scan(approved, speaker):
    collective = Collective.objects.get(pk=approved.collective_id)
    page = page_of(collective)
    page.website, page.founding_year = "https://nieuw.example/", 1999
    page.save()
    repeat = begin_repeat(Collective.objects.get(pk=collective.pk), speaker, "nl")
    assert (repeat.proposals["website"], repeat.proposals["founding_year"]) == (
        "https://nieuw.example/",
        1999,
    )


def test_the_second_beginning_leads_to_the_open_one(repeat, approved):
    again = begin_repeat(approved.collective, UserFactory(), "en")
    assert (again.pk, Response.objects.drafts().count()) == (repeat.pk, 1)


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_begin_one(approved, speaker):
    def begin(_number):
        try:
            return begin_repeat(Collective.objects.get(pk=approved.collective_id), speaker, "nl").pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        begun = set(pool.map(begin, range(4)))
    assert begun == set(Response.objects.drafts().values_list("pk", flat=True))
    assert len(begun) == 1


@pytest.mark.parametrize(("days", "begins"), [(30, False), (180, False), (190, True)])
def test_a_repeat_begins_from_six_months_on(approved, speaker, days, begins):
    years_back(approved, days)
    if begins:
        assert begin_repeat(approved.collective, speaker, "nl").previous_id == approved.pk
    else:
        with pytest.raises(TooSoon):
            begin_repeat(approved.collective, speaker, "nl")


def test_a_repeat_that_nobody_touches_is_forgotten_after_ninety_days(repeat, approved):
    Response.objects.filter(pk=repeat.pk).update(saved_at=timezone.now() - timedelta(days=91))
    assert forget_expired_drafts() == 1
    assert list(Response.objects.values_list("pk", flat=True)) == [approved.pk]
    assert Collective.objects.get().state == ReviewState.APPROVED


@pytest.mark.parametrize(
    ("role", "status"),
    [("anonymous", 302), ("stranger", 404), ("colleague", 404), ("representative", 200), ("admin", 404)],
)
def test_who_may_begin_a_repeat(client, approved, role, status):
    collective = approved.collective
    if role == "admin":
        enter_admin(client)
    elif role == "stranger":
        sign_in(client, UserFactory())
    elif role != "anonymous":
        sign_in(client, MembershipFactory(collective=collective, role=Role(role)).user)
    url = reverse("selfscan:repeat", args=[collective.slug])
    assert client.get(url).status_code == status
    answer = client.post(url, {"previous": 1, "collective": 1})
    assert answer.status_code == (302 if role in ("anonymous", "representative") else 404)
    assert Response.objects.drafts().exists() == (role == "representative")
    if status == 404:
        none = client.post(reverse("selfscan:repeat", args=["bestaat-niet"])).content
        assert answer.content == none.replace(b"bestaat-niet", collective.slug.encode())


def test_the_page_says_from_when(client, approved, speaker):
    years_back(approved, 10)
    sign_in(client, speaker)
    answer = client.post(reverse("selfscan:repeat", args=[approved.collective.slug]))
    assert (answer.status_code, Response.objects.drafts().exists()) == (200, False)


# --- the form


def test_pages_show_proposals_with_their_source_and_count_none_as_an_answer(client, repeat, approved):
    url = reverse("selfscan:section", args=[repeat.token, "about"])
    html = client.get(url).content.decode()
    form = forms_of(client.get(url))[0]
    assert form.data["org_name"] == [approved.answers["org_name"]]
    assert "Uit jullie scan van" in html or "From your scan of" in html
    assert html.count("from-before") == 6
    overview = client.get(reverse("selfscan:overview", args=[repeat.token])).content.decode()
    assert overview.count("status--done") == 0
    repeat.refresh_from_db()
    assert repeat.answers == {}


def test_going_on_confirms_what_the_page_showed(client, repeat, approved):
    url = reverse("selfscan:section", args=[repeat.token, "about"])
    form = forms_of(client.get(url))[0]
    answer = client.post(url, form.data | {"website": [""]})
    assert answer.status_code == 302, errors_of(answer)
    repeat.refresh_from_db()
    assert repeat.answers["org_name"] == approved.answers["org_name"]
    assert "website" not in repeat.answers
    assert not {"org_name", "website", "place"} & repeat.proposals.keys()
    assert "founding_year" in repeat.proposals
    # What was emptied is not proposed again.
    assert forms_of(client.get(url))[0].data["website"] == [""]


@pytest.mark.parametrize("way", ["live", "later"])
def test_a_save_on_the_way_confirms_only_what_was_changed(client, repeat, way):
    url = reverse("selfscan:section", args=[repeat.token, "about"])
    form = forms_of(client.get(url))[0]
    data = form.data | {"short_description": ["Samen wekken wij stroom op voor het hele dorp en de buurt."]}
    if way == "live":
        assert client.post(url, data, headers={"X-Scan": "live"}).status_code == 200
    else:
        assert client.post(url, data | {"later": "1"}).status_code == 302
    repeat.refresh_from_db()
    assert set(repeat.answers) == {"short_description"}
    assert "org_name" in repeat.proposals


def test_consents_are_shown_as_they_stand_and_never_filled_in(client, repeat):
    url = reverse("selfscan:section", args=[repeat.token, "consent"])
    answer = client.get(url)
    form = forms_of(answer)[0]
    assert not {name for name in form.data if name.startswith("consent_")}
    assert "contact_email" not in form.data or form.data["contact_email"] == [""]
    assert answer.content.decode().count("from-before") == 3  # the map is asked after a yes to the page


def test_statements_challenges_and_money_are_never_filled_in(client, repeat, definition):
    for section in ("members", "resources", "community", "impact_challenges"):
        for question in definition.section(section).questions:
            assert question.code == "assets_owned" or question.code not in repeat.proposals


def test_the_form_of_a_repeat_asks_a_fixed_number_of_queries(client, repeat, django_assert_max_num_queries):
    url = reverse("selfscan:section", args=[repeat.token, "about"])
    client.get(url)
    with django_assert_max_num_queries(7):
        client.get(url)


# --- sent, and decided


def test_while_a_repeat_waits_the_page_the_pin_and_the_address_stay(repeat, approved):
    collective = Collective.objects.get(pk=approved.collective_id)
    before, pin = page_of(collective), (collective.pin.latitude, collective.pin.longitude)
    themes = collective.focus_themes
    sent = send(
        repeat,
        org_name="Een heel andere naam",
        contact_email="nieuw@voorbeeld.example",
        place={"name": "Haarlem", "geonames_id": 2755003, "region": "NL-NH"},
    )
    collective.refresh_from_db()
    assert (collective.state, collective.name, collective.focus_themes) == (
        ReviewState.APPROVED, before.name, themes,
    )  # fmt: skip
    assert collective.contact_email == approved.answers["contact_email"]
    assert page_of(collective).pk == before.pk
    collective = Collective.objects.get(pk=collective.pk)
    assert (collective.pin.latitude, collective.pin.longitude) == pin
    item = WorkItem.objects.get(kind=WorkKind.SCAN, decided_at=None)
    assert item.target_id == sent.pk
    assert item.title == "Herhaalscan van " + before.name or item.title == "Repeat scan of " + before.name


def test_an_approved_repeat_takes_the_place_of_what_was_public(repeat, approved, admin):
    sent = send(
        repeat,
        org_name="Een heel andere naam",
        contact_email="nieuw@voorbeeld.example",
        place={"name": "Haarlem", "geonames_id": 2755003, "region": "NL-NH"},
    )
    approve_response(sent, admin)
    collective = Collective.objects.get(pk=approved.collective_id)
    assert (collective.state, collective.name) == (ReviewState.APPROVED, "Een heel andere naam")
    assert collective.contact_email == "nieuw@voorbeeld.example"
    assert (page_of(collective).place_name, page_of(collective).revision) == ("Haarlem", 2)
    assert round(collective.pin.latitude, 1) == 52.4
    traits = CollectiveTraits.objects.get(collective=collective)
    assert (traits.region, round(traits.latitude, 1)) == ("NL-NH", 52.4)
    assert [change.to_state for change in collective.history.all()][-1] == ReviewState.APPROVED
    assert SentMail.objects.filter(template="members/renewed", to="nieuw@voorbeeld.example").count() == 1
    assert SentMail.objects.filter(template="members/approved").count() == 1  # of the first scan


@pytest.mark.parametrize("decide", [return_response, refuse_response])
def test_a_repeat_that_is_not_approved_leaves_everything_public(repeat, approved, admin, decide):
    collective = Collective.objects.get(pk=approved.collective_id)
    before = page_of(collective)
    sent = send(repeat, org_name="Een heel andere naam")
    decide(sent, admin, "Dit klopt niet.")
    collective.refresh_from_db()
    assert (collective.state, collective.name) == (ReviewState.APPROVED, before.name)
    assert page_of(collective).pk == before.pk
    assert not collective.profiles.filter(state=ReviewState.PENDING).exists()
    assert hasattr(Collective.objects.get(pk=collective.pk), "pin")
    if decide is refuse_response:
        assert SentMail.objects.filter(template="members/renewal_refused").count() == 1
        assert not SentMail.objects.filter(template="members/refused").exists()


def test_a_repeat_that_came_back_is_sent_again_and_approved(repeat, approved, admin):
    sent = send(repeat, org_name="Een heel andere naam")
    return_response(sent, admin, "Welke naam?")
    # The open one is gone on with, and no other is begun.
    assert begin_repeat(approved.collective, admin, "nl").pk == sent.pk
    sent = send(sent, org_name="De goede naam")
    approve_response(sent, admin)
    collective = Collective.objects.get(pk=approved.collective_id)
    assert (collective.name, page_of(collective).name) == ("De goede naam", "De goede naam")


def test_a_withdrawn_yes_is_gone_at_once_also_without_a_decision(repeat, approved):
    sent = send(repeat, consent_profile=False, consent_map=None)
    collective = Collective.objects.get(pk=approved.collective_id)
    assert page_of(collective) is None
    assert not hasattr(collective, "pin")
    kinds = set(Consent.objects.in_force().filter(collective=collective).values_list("kind", flat=True))
    assert ConsentKind.PROFILE not in kinds
    assert sent.collective.state == ReviewState.APPROVED


def test_a_less_exact_pin_is_drawn_at_once_and_a_more_exact_one_waits(repeat, approved, admin):
    collective = Collective.objects.get(pk=approved.collective_id)
    place = {"name": "Ede", "geonames_id": 2756429, "region": "NL-GE", "lat": 52.05, "lon": 5.66}
    sent = send(repeat, consent_map="exact", place=place)
    assert collective.pin.precision == PinPrecision.PLACE
    approve_response(sent, admin)
    collective = Collective.objects.get(pk=collective.pk)
    assert (collective.pin.precision, collective.pin.latitude) == (PinPrecision.EXACT, 52.05)
    years_back(sent)
    third = begin_repeat(collective, admin, "nl")
    assert third.proposals["place"]["lat"] == 52.05
    send(third, consent_map="place_level")
    collective = Collective.objects.get(pk=collective.pk)
    assert (collective.pin.precision, collective.pin.latitude) == (PinPrecision.PLACE, 52.03333)


def test_a_change_of_the_page_that_waited_gives_way_to_the_repeat(repeat, approved, admin):
    collective = Collective.objects.get(pk=approved.collective_id)
    facts = publication.profile_facts(approved.answers)
    waiting = propose_profile(collective, ProfileFacts(**(facts.__dict__ | {"description": "Wacht."})))
    open_work(WorkKind.REVISION, waiting.pk, title="x", collective=collective)
    sent = send(repeat)
    assert not WorkItem.objects.filter(kind=WorkKind.REVISION, decided_at=None).exists()
    approve_response(sent, admin)
    assert not WorkItem.objects.filter(decided_at=None).exists()
    assert page_of(collective).description == sent.answers["short_description"]


def test_publishing_a_repeat_twice_changes_nothing(repeat, approved):
    sent = send(repeat)
    publication.publish_response(sent.pk, str(sent.version))
    assert WorkItem.objects.filter(decided_at=None).count() == 1
    assert approved.collective.profiles.filter(state=ReviewState.PENDING).count() == 1


def test_the_team_sees_old_and_new_answers_side_by_side(client, repeat):
    sent = send(repeat, member_count=4321)
    enter_admin(client)
    html = client.get(reverse("admin:review_response", args=[sent.pk])).content.decode()
    assert "4.321" in html
    assert str(example()["member_count"]) in html.replace(".", "")
    assert html.count("diff__changed") >= 1


# --- the invitation


def test_a_year_later_the_collective_is_invited_once(approved, speaker):
    MembershipFactory(collective=approved.collective, role=Role.COLLEAGUE)
    assert [invite_repeats(), invite_repeats()] == [1, 0]
    mail = SentMail.objects.get(template="selfscan/repeat_invitation")
    assert mail.to == approved.answers["contact_email"]
    assert list(Notification.objects.filter(kind="repeat_scan").values_list("user", flat=True)) == [
        speaker.pk
    ]


@pytest.mark.parametrize(
    "case", ["too early", "stopped", "closed", "pending", "newer scan", "being repeated", "invited"]
)
def test_nobody_is_invited_without_reason(approved, speaker, case):
    collective = Collective.objects.filter(pk=approved.collective_id)
    if case == "too early":
        years_back(approved, 360)
    elif case == "stopped":
        collective.update(activity=Activity.STOPPED)
    elif case == "closed":
        collective.update(closed_at=timezone.now())
    elif case == "pending":
        collective.update(state=ReviewState.PENDING)
    elif case == "newer scan":
        send(begin_repeat(approved.collective, speaker, "nl"))
    elif case == "being repeated":
        begin_repeat(approved.collective, speaker, "nl")
    else:
        Response.objects.update(invited_at=timezone.now())
    assert invite_repeats() == 0
    assert not SentMail.objects.filter(template="selfscan/repeat_invitation").exists()


def test_an_invitation_that_fails_is_made_again(approved, monkeypatch):
    from selfscan.services import repeats

    def fail(scan):
        raise OSError("away")

    monkeypatch.setattr(repeats.emails, "send_repeat_invitation", fail)
    with pytest.raises(OSError, match="away"), transaction.atomic():
        invite_repeats()
    monkeypatch.undo()
    assert invite_repeats() == 1


@pytest.mark.parametrize(("role", "cards"), [("representative", 1), ("colleague", 0)])
def test_the_dashboard_invites_representatives(client, approved, role, cards):
    sign_in(client, MembershipFactory(collective=approved.collective, role=Role(role)).user)
    html = client.get(reverse("pages:dashboard")).content.decode()
    assert html.count('id="repeat-scan"') == cards


# --- the development page


@pytest.mark.parametrize(
    ("role", "status"),
    [("anonymous", 302), ("stranger", 404), ("colleague", 200), ("representative", 200), ("admin", 200)],
)
def test_who_sees_the_development(client, approved, role, status):
    collective = approved.collective
    if role == "admin":
        enter_admin(client)
    elif role == "stranger":
        sign_in(client, UserFactory())
    elif role != "anonymous":
        sign_in(client, MembershipFactory(collective=collective, role=Role(role)).user)
    answer = client.get(reverse("selfscan:development", args=[collective.slug]))
    assert answer.status_code == status
    if role == "stranger":
        none = client.get(reverse("selfscan:development", args=["bestaat-niet"])).content
        assert answer.content == none.replace(b"bestaat-niet", collective.slug.encode())


@pytest.mark.parametrize("count", [1, 3])
def test_the_development_shows_each_scan_in_a_fixed_number_of_queries(
    client, approved, speaker, count, django_assert_num_queries
):
    shown = [approved]
    for number in range(1, count):
        answers = approved.answers | {"respondent_role": "other_role"}
        at = timezone.now() - timedelta(days=366 - 180 * number)
        shown.append(
            Response.objects.create(
                instrument=approved.instrument, collective=approved.collective, answers=answers,
                state=ResponseState.COMPLETED, completed_at=at, reference=f"CK-TEST-000{number}",
                scores=approved.scores, scoring_version=approved.scoring_version,
            )
        )  # fmt: skip
    sign_in(client, speaker)
    url = reverse("selfscan:development", args=[approved.collective.slug])
    client.get(url)
    with django_assert_num_queries(8):
        html = client.get(url).content.decode()
    assert html.count("<svg viewBox") >= 9
    assert html.count("development__moment") == 9 * count


def test_a_refused_scan_is_no_development(repeat, approved, admin, definition):
    from selfscan.past import development_of

    sent = send(repeat)
    assert len(development_of(approved.collective_id, definition).scans) == 2
    refuse_response(sent, admin, "Nee.")
    assert len(development_of(approved.collective_id, definition).scans) == 1


def test_a_refused_repeat_is_no_reason_to_wait(repeat, approved, admin, speaker):
    sent = send(repeat)
    with pytest.raises(TooSoon):
        begin_repeat(approved.collective, speaker, "nl")
    refuse_response(sent, admin, "Dit is van een ander collectief.")
    again = begin_repeat(Collective.objects.get(pk=approved.collective_id), speaker, "nl")
    assert again.previous_id == approved.pk


def test_a_change_of_the_page_that_waits_is_proposed(approved, speaker):
    collective = Collective.objects.get(pk=approved.collective_id)
    facts = ProfileFacts(**facts_of(page_of(collective)) | {"website": "https://nieuw.example/"})
    propose_profile(collective, facts, proposed_by=speaker)
    assert begin_repeat(collective, speaker, "nl").proposals["website"] == "https://nieuw.example/"


@pytest.mark.parametrize(("activity", "leads"), [(Activity.DORMANT, True), (Activity.STOPPED, False)])
def test_no_link_leads_to_a_repeat_of_who_stopped(client, approved, speaker, activity, leads):
    collective = approved.collective
    Collective.objects.filter(pk=collective.pk).update(activity=activity)
    sign_in(client, speaker)
    repeat = reverse("selfscan:repeat", args=[collective.slug])
    assert client.get(repeat).status_code == (200 if leads else 404)
    for name in ("pages:collective", "selfscan:development"):
        html = client.get(reverse(name, args=[collective.slug])).content.decode()
        assert (f'href="{repeat}"' in html) == leads


def test_the_report_of_a_repeat_stands_beside_the_scan_before(repeat, approved):
    from selfscan.reports import report_html, report_view

    assert report_view(approved).repeat is None
    sent = send(repeat, respondent_role="initiator")
    view = report_view(sent)
    assert len(view.repeat.rows) == 9
    assert view.repeat.remark
    html = report_html(view)
    assert html.count("Ongeveer gelijk aan de vorige keer.") == 9
    assert 'id="repeat"' not in report_html(report_view(approved))
