"""Who no longer speaks for a collective has no way to its scans any more."""

import pytest

from collectievekracht.common import outbox
from collectievekracht.common.models import Promise, SentMail
from members.choices import Role
from members.services import memberships
from selfscan.models import Response
from selfscan.services.links import TASK, renew_links
from selfscan.services.responses import mail_links_of
from tests.factories.members import CollectiveFactory, MembershipFactory
from tests.factories.selfscan import ResponseFactory
from tests.factories.signing_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def collective(instrument):
    return CollectiveFactory(published=True)


@pytest.fixture
def bo(collective):
    return MembershipFactory(collective=collective).user


@pytest.fixture
def cas(collective):
    return MembershipFactory(collective=collective).user


def scan_of(collective, email="", **facts):
    return ResponseFactory(collective=collective, email=email, **facts)


def done():
    """What was promised, done."""
    for promise in Promise.objects.filter(task=TASK):
        assert outbox.run(TASK, promise.target, promise.version)


@pytest.mark.parametrize("how", ["leave", "remove", "step back"])
def test_old_links_open_nothing_to_who_is_gone(client, collective, bo, cas, how):
    scan, elsewhere = scan_of(collective, cas.email), ResponseFactory(email=cas.email)
    sign_in(client, cas)
    assert client.get(scan.get_absolute_url()).status_code == 200
    mine = cas.memberships.get()
    {
        "leave": lambda: memberships.leave(collective, cas),
        "remove": lambda: memberships.remove_person(mine, bo),
        "step back": lambda: memberships.change_role(mine, Role.COLLEAGUE, bo),
    }[how]()
    done()
    assert client.get(scan.get_absolute_url()).status_code == 404
    assert client.get(elsewhere.get_absolute_url()).status_code == 200
    mail_links_of(cas.email)
    links = [mail.context["url"] for mail in SentMail.objects.filter(template="selfscan/resume_link")]
    assert [link.split("/")[-2] for link in links] == [elsewhere.token]
    sign_in(client, bo)
    now = Response.objects.get(pk=scan.pk)
    assert client.get(now.get_absolute_url()).status_code == 200
    assert (now.version, now.answers, now.email) == (scan.version, scan.answers, "")


def test_who_stays_keeps_their_address(collective, bo, cas):
    scan = scan_of(collective, bo.email.upper())
    sent = scan_of(collective, complete=True)
    memberships.leave(collective, cas)
    done()
    renew_links(collective.pk, "")  # it may run twice
    now = Response.objects.get(pk=scan.pk)
    assert now.email == scan.email
    assert now.token != scan.token
    assert Response.objects.get(pk=sent.pk).token != sent.token


def test_a_colleague_who_leaves_changes_no_link(collective, bo):
    scan = scan_of(collective)
    gast = MembershipFactory(collective=collective, role=Role.COLLEAGUE).user
    memberships.leave(collective, gast)
    assert not Promise.objects.filter(task=TASK).exists()
    assert Response.objects.get(pk=scan.pk).token == scan.token
