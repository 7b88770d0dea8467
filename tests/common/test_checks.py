import pytest

from collectievekracht.common.checks import settings_of_a_real_server

GOOD = {
    "SECRET_KEY": "a" * 60,
    "UNSUBSCRIBE_KEY": "b" * 60,
    "SUPPRESSION_KEY": "c" * 60,
    "SITE_URL": "https://example.org",
    "TRUSTED_PROXY_COUNT": 1,
}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, []),
        ({"UNSUBSCRIBE_KEY": "a" * 60}, ["common.W001"]),
        ({"SITE_URL": "http://example.org"}, ["common.W002"]),
        ({"TRUSTED_PROXY_COUNT": 0}, ["common.W003"]),
    ],
)
def test_what_a_real_server_needs(settings, change, found):
    for name, value in (GOOD | change).items():
        setattr(settings, name, value)
    assert [message.id for message in settings_of_a_real_server(None)] == found
