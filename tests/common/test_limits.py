import pytest
import time_machine
from django import forms
from django.test import RequestFactory

from collectievekracht.common import limits

pytestmark = pytest.mark.django_db


def test_limit_lets_so_many_pass():
    assert [limits.hit("contact", "a", 3, 60) for _ in range(5)] == [True, True, True, False, False]
    assert limits.hit("contact", "b", 3, 60)
    assert limits.hit("other", "a", 3, 60)


def test_limit_opens_again_with_time():
    with time_machine.travel("2026-11-24 12:00", tick=False) as clock:
        assert [limits.hit("contact", "a", 2, 60) for _ in range(3)] == [True, True, False]
        clock.shift(59)
        assert not limits.hit("contact", "a", 2, 60)
        clock.shift(2)
        assert limits.hit("contact", "a", 2, 60)


@pytest.mark.django_db(transaction=True)
def test_limit_is_exact_for_many_at_once(at_once):
    assert at_once(lambda _: limits.hit("contact", "a", 10, 60), 60).count(True) == 10


def request(**meta):
    return RequestFactory().get("/", **meta)


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "address"),
    [
        (0, "10.0.0.1", "1.2.3.4", "10.0.0.1"),
        (1, "10.0.0.1", "1.2.3.4", "1.2.3.4"),
        (1, "10.0.0.1", "9.9.9.9, 1.2.3.4", "1.2.3.4"),
        (2, "10.0.0.1", "9.9.9.9, 1.2.3.4, 10.0.0.2", "1.2.3.4"),
        (2, "10.0.0.1", "1.2.3.4", "10.0.0.1"),
        (1, "10.0.0.1", "not an address", "unknown"),
        (0, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        (0, "::ffff:1.2.3.4", "", "1.2.3.4"),
        (0, "", "", "unknown"),
    ],
)
def test_client_ip_believes_our_own_proxies_only(settings, proxies, remote, forwarded, address):
    settings.TRUSTED_PROXY_COUNT = proxies
    assert limits.client_ip(request(REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded)) == address


def test_honeypot_catches_who_fills_it_in():
    class Form(forms.Form):
        website = limits.HoneypotField()

    assert Form({}).is_valid()
    assert not Form({"website": "http://spam.example"}).is_valid()
