"""The kinds of mail that these pages send, with the reason at the bottom of each."""

from django.utils.translation import gettext_lazy as _

from collectievekracht.common import suppressions
from collectievekracht.common.registry import mail_kind

INVITATION = "pages.invitation"


def register() -> None:
    """Tell the mailer of them; called once at start-up."""
    mail_kind(
        "pages.contact",
        name=_("Letters to the team"),
        reason=_("You get this mail because somebody filled in the contact form of CollectieveKracht."),
        must_arrive=True,  # the letter stands nowhere else
    )
    mail_kind(
        INVITATION,
        name=_("Invitations to take part"),
        reason=_(
            "You get this mail once, because somebody who takes part invited you. We don't keep your address."
        ),
        turn_off=refuse_invitations,
        keeps_address=False,
    )


def refuse_invitations(address: str) -> None:
    """Never send this address an invitation again, whoever asks for it."""
    suppressions.suppress(address, f"mail:{INVITATION}")
