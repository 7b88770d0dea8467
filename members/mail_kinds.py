"""The kinds of mail that members sends, with the reason at the bottom of each."""

from django.utils.translation import gettext_lazy as _

from collectievekracht.common import suppressions
from collectievekracht.common.registry import mail_kind

STILL_RIGHT = "still_right"


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
        STILL_RIGHT,
        name=_("Once a year: is our page still right?"),
        reason=_(
            "You get this mail once a year, with one reminder at most, because this is the address of a collective "
            "that takes part."
        ),
        turn_off=ask_no_more,
    )
    mail_kind(
        "abuse",
        name=_("What you reported"),
        reason=_("You get this mail because you reported something on CollectieveKracht with this address."),
    )
    mail_kind(
        "access",
        name=_("Access to a collective"),
        reason=_("You get this mail because somebody asked for access to a collective with this address."),
    )
    mail_kind(
        "colleague",
        name=_("Invitations to a collective"),
        reason=_("You get this mail because a representative of a collective wrote down this address."),
        turn_off=refuse_invitations,
        keeps_address=False,
    )
    mail_kind(
        "people",
        name=_("Your place in a collective"),
        reason=_("You get this mail because you belonged to this collective."),
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
    mail_kind(
        "my_data",
        name=_("Your data"),
        reason=_("You get this mail because it is about your own data at CollectieveKracht."),
    )
    mail_kind(
        "erased",
        name=_("Your data is deleted"),
        reason=_("You get this mail because your account was deleted, as you asked."),
        keeps_address=False,
    )


def refuse_invitations(address: str) -> None:
    """Never send this address an invitation to a collective again, whoever asks for it."""
    suppressions.suppress(address, "mail:colleague")


def ask_no_more(address: str) -> None:
    """Never ask this address again whether its page is still right."""
    suppressions.suppress(address, f"mail:{STILL_RIGHT}")
