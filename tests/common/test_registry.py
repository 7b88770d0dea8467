import pytest

from collectievekracht.common.registry import MailKind, Registry, admin_addresses


def test_entries_keep_their_order_and_their_code():
    kinds = Registry()
    one, two = MailKind("one", "because"), MailKind("two", "because")
    kinds.add(one)
    kinds.add(two)
    kinds.add(one)
    assert list(kinds) == [one, two]
    assert kinds["two"] is two
    assert kinds.get("three") is None
    with pytest.raises(ValueError, match="one"):
        kinds.add(MailKind("one", "another reason"))


def test_admins_are_named_by_the_setting_and_by_an_app(settings):
    settings.ADMINS_NOTIFY = ["a@example.org"]
    admin_addresses.register(lambda: ["B@example.org", "a@example.org", ""])
    assert admin_addresses() == ("a@example.org", "b@example.org")
