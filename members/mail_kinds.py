"""The kinds of mail that members sends, with the reason at the bottom of each."""

from django.utils.translation import gettext_lazy as _

from collectievekracht.common.registry import mail_kind


def register() -> None:
    """Tell the mailer of them; called once at start-up."""
    mail_kind(
        "collective",
        name=_("News about your self-scan"),
        reason=_(
            "You get this mail because this address was given in a self-scan as the collective's address."
        ),
    )
    mail_kind(
        "access",
        name=_("Access to a collective"),
        reason=_("You get this mail because somebody asked for access to a collective with this address."),
    )
    mail_kind(
        "contact",
        name=_("Messages from visitors"),
        reason=_("You get this mail because your collective has a page with a contact form."),
    )
    mail_kind(
        "account",
        name=_("Your account"),
        reason=_("You get this mail because somebody used this address to sign in or to make an account."),
    )
    mail_kind(
        "admin",
        name=_("The team's work"),
        reason=_("You get this mail because you are an admin of CollectieveKracht."),
    )
