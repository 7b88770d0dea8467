"""Mails about one's own account leave by the one mailer, in our words."""

import pytest

from collectievekracht.common.models import SentMail
from members.models import User


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
