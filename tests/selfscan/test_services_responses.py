"""Sending a scan: once, whole, and with a promise; saving without overwriting anyone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.utils import timezone

from collectievekracht.common import storage
from collectievekracht.common.models import Promise, SentMail
from members.choices import ReviewState
from members.models import Collective, CollectiveProfile, StateChange, User, WorkItem
from members.services import work
from selfscan import publication
from selfscan.choices import ResponseState, Step
from selfscan.models import Report, Response
from selfscan.services import (
    ChangedElsewhere,
    approve_response,
    begin_response,
    complete_response,
    forget_expired_drafts,
    mail_link,
    merge_response,
    return_response,
    save_page,
)
from tests.factories.members import MembershipFactory
from tests.factories.scans import example
from tests.journeys.filling import REAL_PLACES


def filled(code="example_energy", language="nl"):
    """A draft with every answer of an example."""
    response = begin_response(language)
    response.answers = example(code, place={"name": REAL_PLACES[code]})
    response.save()
    return response


@pytest.fixture
def draft(instrument):
    return filled()


@pytest.fixture
def sent(draft):
    assert complete_response(draft).done
    draft.refresh_from_db()
    return draft


@pytest.fixture
def admin(db):
    return User.objects.create_superuser("admin@example.org", "x")


def publish(response):
    """The first step, as the worker does it."""
    publication.publish_response(response.pk, str(response.version))
    response.refresh_from_db()


def test_sending_closes_the_scan_and_promises_the_rest(sent):
    assert sent.state == ResponseState.COMPLETED
    assert sent.reference.startswith("CK-")
    assert sent.collective.state == ReviewState.PENDING
    assert list(Promise.objects.values_list("task", "target", "version")) == [
        (Step.PUBLISH.value, sent.pk, str(sent.version))
    ]


def test_sending_again_changes_nothing(sent):
    before = Response.objects.values().get(pk=sent.pk)
    assert complete_response(sent).done
    assert Response.objects.values().get(pk=sent.pk) == before
    assert Collective.objects.count() == 1


def test_a_scan_with_gaps_is_not_sent_and_says_where(draft):
    del draft.answers["org_name"]
    draft.save()
    completion = complete_response(draft)
    assert completion.done is False
    assert [(p.field, p.code) for p in completion.problems] == [("org_name", "required")]
    assert not Promise.objects.exists()
    assert not Collective.objects.exists()


def test_what_was_typed_and_is_not_valid_keeps_the_scan_open(draft):
    draft.typed = {"member_count": "veel"}
    draft.save()
    assert [p.question for p in complete_response(draft).problems] == ["member_count"]


def test_hidden_answers_are_cleared_when_the_scan_is_sent(draft):
    draft.answers["annual_budget"] = "none"
    draft.save()
    assert complete_response(draft).done
    draft.refresh_from_db()
    assert {"income_split", "reserves_months", "business_practice"} & draft.answers.keys() == set()


@pytest.mark.external
@pytest.mark.django_db(transaction=True)
def test_sent_ten_times_at_once_it_is_sent_once(instrument):
    response = filled()

    def send(_):
        try:
            return complete_response(Response.objects.get(pk=response.pk)).done
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        assert list(pool.map(send, range(10))) == [True] * 10
    assert Collective.objects.count() == 1
    assert Promise.objects.count() == 1


def posted(**fields):
    data = QueryDict(mutable=True)
    for name, value in fields.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def test_a_page_keeps_valid_answers_and_what_was_typed(instrument, definition):
    response = begin_response("nl")
    questions = tuple(definition.question(code) for code in ("member_count", "volunteers_active"))
    saved = save_page(
        response,
        version=0,
        section="members",
        questions=questions,
        data=posted(member_count="412", volunteers_active="tig"),
    )
    response.refresh_from_db()
    assert saved.version == response.version == 1
    assert [problem.field for problem in saved.problems] == ["volunteers_active"]
    assert response.answers == {"member_count": 412}
    assert response.typed == {"volunteers_active": "tig"}
    assert response.seen_sections == ["members"]


def test_a_save_on_an_old_version_is_refused_and_loses_nothing(instrument, definition):
    response = begin_response("nl")
    question = (definition.question("member_count"),)
    save_page(response, version=0, section="members", questions=question, data=posted(member_count="10"))
    with pytest.raises(ChangedElsewhere) as caught:
        save_page(response, version=0, section="members", questions=question, data=posted(member_count="20"))
    assert caught.value.response.answers == {"member_count": 10}


def test_a_sent_scan_takes_no_more_answers(sent, definition):
    with pytest.raises(ChangedElsewhere):
        save_page(
            sent,
            version=sent.version,
            section="members",
            questions=(definition.question("member_count"),),
            data=posted(member_count="1"),
        )


def test_a_scan_that_was_sent_back_is_sent_again_as_the_same_scan(sent, admin):
    publish(sent)
    reference, version = sent.reference, sent.version
    return_response(sent, admin, "Het ledental lijkt niet te kloppen.")

    again = Response.objects.get(pk=sent.pk)
    assert (again.state, again.return_reason) == (ResponseState.DRAFT, "Het ledental lijkt niet te kloppen.")
    assert again.collective.state == ReviewState.RETURNED
    assert complete_response(again).done
    again.refresh_from_db()
    assert (again.reference, again.version > version) == (reference, True)
    assert again.collective.state == ReviewState.PENDING
    publish(again)
    approve_response(again, admin)
    assert Collective.objects.get().state == ReviewState.APPROVED


def test_two_decisions_on_one_scan_are_one(sent, admin):
    publish(sent)
    approve_response(sent, admin)
    with pytest.raises(work.AlreadyDecided):
        return_response(sent, admin, "Toch niet")
    sent.refresh_from_db()
    assert sent.state == ResponseState.COMPLETED


def test_a_merged_scan_moves_to_the_collective_that_is_here(sent, admin):
    publish(sent)
    other = filled("example_care")
    complete_response(other)
    other.refresh_from_db()
    publish(other)
    approve_response(other, admin)
    merge_response(sent, other.collective, admin)
    sent.refresh_from_db()
    assert sent.collective == other.collective


def test_the_link_is_mailed_when_asked(draft):
    mail_link(draft, "iemand@example.org")
    mail_link(draft, "iemand@example.org")
    assert [(m.template, m.to) for m in SentMail.objects.all()] == [
        ("selfscan/resume_link", "iemand@example.org")
    ]


@pytest.mark.parametrize(("days", "left"), [(89, 1), (91, 0)])
def test_a_draft_is_forgotten_after_90_days(draft, days, left):
    Response.objects.update(saved_at=timezone.now() - timedelta(days=days))
    forget_expired_drafts()
    assert Response.objects.count() == left


@pytest.fixture
def returned(sent, admin, tmp_path, monkeypatch):
    """A scan that came back from the team, with a report that was built before."""
    monkeypatch.setattr(storage.private_storage, "_wrapped", storage.PrivateFiles(location=str(tmp_path)))
    publish(sent)
    name = storage.write_atomically(f"reports/{sent.pk}/1.pdf", b"%PDF")
    Report.objects.create(response=sent, version="1-1", language="nl", file=name, size=4)
    return_response(sent, admin, "Het ledental lijkt niet te kloppen.")
    return sent


@pytest.mark.parametrize(("days", "left"), [(364, 1), (366, 0)])
def test_a_scan_that_came_back_is_forgotten_after_a_year(
    returned, days, left, django_capture_on_commit_callbacks
):
    Response.objects.update(saved_at=timezone.now() - timedelta(days=days))
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_expired_drafts() == 1 - left
    file = storage.exists(f"reports/{returned.pk}/1.pdf")
    rows = [Response, Collective, CollectiveProfile, WorkItem, StateChange]
    assert ([bool(model.objects.count()) for model in rows], file) == ([bool(left)] * len(rows), bool(left))


@pytest.mark.parametrize("why", ["a representative", "a page", "approved"])
def test_a_collective_that_is_here_stays_when_its_scan_is_forgotten(returned, admin, why):
    collective = returned.collective
    if why == "a representative":
        MembershipFactory(collective=collective, user=admin)
    elif why == "a page":
        Collective.objects.update(published_profile=CollectiveProfile.objects.get())
    else:
        Collective.objects.update(state=ReviewState.APPROVED)
    Response.objects.update(saved_at=timezone.now() - timedelta(days=366))
    assert forget_expired_drafts() == 1
    assert Collective.objects.filter(pk=collective.pk).exists()


def test_a_scan_that_was_sent_is_never_forgotten(sent):
    Response.objects.update(saved_at=timezone.now() - timedelta(days=400))
    assert forget_expired_drafts() == 0
