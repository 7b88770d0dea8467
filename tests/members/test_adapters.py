"""Mails about one's own account leave by the one mailer, in our words."""

import re
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.db import transaction

from collectievekracht.common.models import SentMail
from members.models import User
from tests.factories.members import PASSWORD, UserFactory
from tests.factories.signing_in import enter_admin, give_factor, sign_in


@pytest.mark.parametrize(
    ("path", "fields", "subject"),
    [
        ("/en/account/login/code/", {"email": "anna@example.org"}, "Your code to sign in"),
        ("/en/account/password/reset/", {"email": "anna@example.org"}, "Choose a new password"),
        (
            "/en/account/password/reset/",
            {"email": "nobody@example.org"},
            "There is no account with this address",
        ),
    ],
)
def test_account_mails_are_promised_and_wait_for_no_mail_server(client, db, settings, path, fields, subject):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    User.objects.create_user("anna@example.org", "een-lang-wachtwoord")
    assert client.post(path, fields).status_code == 302
    mail = SentMail.objects.get()
    assert (mail.to, mail.kind, mail.context["subject"]) == (fields["email"], "account", subject)


def test_every_change_of_an_account_is_mailed_to_its_owner(client, db, settings):
    settings.OUTBOX_PUBLISH = False
    cache.clear()
    user = UserFactory(email="anna@example.org")
    sign_in(client, user, second_factor=False)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transaction, "on_commit", lambda act, **how: act())
        secret = client.get("/account/2fa/totp/activate/").context["form"].secret
        code = format_hotp_value(hotp_value(secret, int(time.time() // 30)))
        client.post("/account/2fa/totp/activate/", {"code": code})
        client.post("/account/2fa/recovery-codes/generate/")
    client.post("/account/2fa/totp/deactivate/")
    new = PASSWORD + "-nieuw"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/account/password/change/", form).status_code == 302
    EmailAddress.objects.create(user=user, email="tweede@example.org", verified=True)
    client.post("/account/email/", {"email": "tweede@example.org", "action_primary": ""})
    client.post("/account/email/", {"email": "anna@example.org", "action_remove": ""})
    told = SentMail.objects.order_by("pk").values_list("to", "context__subject")
    assert list(told) == [
        ("anna@example.org", "Er is een app met codes ingesteld"),
        ("anna@example.org", "Je hebt nieuwe herstelcodes"),
        ("anna@example.org", "De app met codes is uitgezet"),
        ("anna@example.org", "Je wachtwoord is gewijzigd"),
        ("anna@example.org", "Een ander e-mailadres voor je account"),
        ("tweede@example.org", "Er is een e-mailadres verwijderd"),
    ]
    words = " ".join(SentMail.objects.values_list("context__body", flat=True))
    assert not re.search(r"\b(your|has been|uw|u)\b", words, re.IGNORECASE)


def test_who_loses_the_second_step_by_the_team_is_told(client, db, settings):
    settings.OUTBOX_PUBLISH = False
    enter_admin(client)
    person = give_factor(UserFactory(email="anna@example.org", language="en"))
    form = {"action": "reset_second_factor", "_selected_action": [person.pk]}
    client.post("/beheer/members/user/", form)
    mail = SentMail.objects.get()
    assert (mail.to, mail.language, mail.context["subject"]) == (
        "anna@example.org",
        "en",
        "Your second step was removed",
    )
