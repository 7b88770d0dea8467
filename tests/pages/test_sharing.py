"""Pages that are worth passing on carry links for it, which call nobody until one is chosen."""

import re
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.cache import caches

from tests.factories.members import CollectiveFactory, MembershipFactory, make_terms
from tests.factories.signing_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_kept_pages():
    caches["pages"].clear()


def shared(html, path):
    return "https://wa.me/?text=" in html and quote(settings.SITE_URL + path, safe="") in html


@pytest.mark.parametrize("path", ["/over/", "/en/over/", "/privacy/", "/collectieven/", "/en/collectieven/"])
def test_a_page_shares_its_own_address(client, path):
    CollectiveFactory(published=True)
    html = client.get(path).content.decode()
    assert shared(html, path)
    assert not re.search(r'<(?:img|script|iframe|link)[^>]+(?:src|href)="https?://(?!127\.0\.0\.1)', html)


def test_the_directory_shares_what_was_found(client):
    make_terms()
    CollectiveFactory(published=True)
    html = client.get("/collectieven/?sector=energy&q=").content.decode()
    assert shared(html, "/collectieven/?sector=energy")


def test_a_profile_is_shared_once_it_is_public(client):
    public, draft = CollectiveFactory(published=True), CollectiveFactory(proposed=True)
    person = MembershipFactory(collective=draft).user
    assert shared(client.get(public.get_absolute_url()).content.decode(), public.get_absolute_url())
    sign_in(client, person)
    assert "wa.me" not in client.get(draft.get_absolute_url()).content.decode()
