"""The pictures that stand beside a link to us on other sites: one per kind of page and language.

Set-up draws them from `static/img/card-<kind>.svg` with these words. Plain values: the set-up reads them before there
are any settings.
"""

from dataclasses import dataclass

WIDTH, HEIGHT = 1200, 630


def gettext_noop(message: str) -> str:
    """Marks a text for translation; Django's own would ask for settings."""
    return message


@dataclass(frozen=True)
class SocialCard:
    """What one card says, as message ids."""

    code: str
    title: str
    text: str


CARDS = {
    card.code: card
    for card in (
        SocialCard(
            "general",
            gettext_noop("Together we know more than alone"),
            gettext_noop("The knowledge platform of and for citizen collectives"),
        ),
        SocialCard(
            "collective",
            gettext_noop("Meet a citizen collective"),
            gettext_noop("What it does, where, for whom, and what it has to offer"),
        ),
        SocialCard(
            "map",
            gettext_noop("Which collectives are near you?"),
            gettext_noop("Citizen collectives in the Netherlands and Flanders, as a list and on the map"),
        ),
        SocialCard(
            "scan",
            gettext_noop("Where does your collective stand?"),
            gettext_noop("Do the self-scan and get a report to discuss in your board"),
        ),
        SocialCard(
            "text",
            gettext_noop("Of and for citizen collectives"),
            gettext_noop("Independent, non-commercial and free"),
        ),
        SocialCard(
            "lab",
            gettext_noop("The labs think along with you"),
            gettext_noop("Scientists, financiers, civil servants and network organisations"),
        ),
    )
}
# By the name of the address, then by its namespace.
KINDS = {
    "pages:home": "general",
    "pages:signup_choice": "general",
    "members:profile": "collective",
    "members": "map",
    "selfscan": "scan",
    "labs": "lab",
    "pages": "text",
}


def kind_of(view_name: str) -> str:
    """Which card belongs to the address with this name."""
    return KINDS.get(view_name) or KINDS.get(view_name.partition(":")[0], "general")


def file_of(kind: str, language: str) -> str:
    """Where the picture lies among the static files."""
    return f"build/cards/{kind}-{language}.png"
