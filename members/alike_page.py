"""Collectives like mine, in words: what we share, and why one of another field or one nearby is among them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from members import queries_peers
from members.choices import LegalFormGroup, TermKind
from members.directory import place_line
from members.models import Collective
from members.peers import Match, Shared, nearest
from members.queries_peers import Mine, Peer
from members.vocabulary import labels

SIZE_WORDS = {
    "small": lambda: _("You are both small: fewer than 50 members."),
    "middle": lambda: _("You are about the same size: 50 to 500 members."),
    "large": lambda: _("You are both large: more than 500 members."),
}


@dataclass(frozen=True)
class Alike:
    """One collective like mine: what its public page says, and the reasons why it is here."""

    slug: str
    name: str
    where: str
    summary: str
    reasons: tuple[str, ...]
    why_here: tuple[str, ...]


@dataclass(frozen=True)
class AlikePage:
    """What stands on the page; `agreed` says whether one's own collective is shown to others."""

    collective: Collective
    mine: Mine
    found: tuple[Alike, ...]


def alike_page(collective: Collective) -> AlikePage:
    """The page of this collective, in the active language: two queries."""
    mine = queries_peers.mine(collective.pk)
    return AlikePage(collective, mine, found_for(mine))


def found_for(mine: Mine) -> tuple[Alike, ...]:
    """The collectives most like this one, with the reasons: one query, and none where nothing is known of mine."""
    if not mine.known:
        return ()
    peers = {peer.side.key: peer for peer in queries_peers.candidates(mine.side)}
    matches = nearest(mine.side, (peer.side for peer in peers.values()))
    return tuple(_alike(match, peers[match.key]) for match in matches)


def _alike(match: Match, peer: Peer) -> Alike:
    return Alike(
        slug=peer.slug,
        name=peer.name,
        where=place_line(peer.place_name, peer.region),
        summary=peer.summary,
        reasons=tuple(words for shared in match.shared if (words := shared_words(shared))),
        why_here=tuple(_why(match)),
    )


def _why(match: Match) -> list[str]:
    why = []
    if match.other_sector:
        why.append(_("Works in another field than you: that often gives new ideas."))
    if match.kilometres is not None:
        why.append(
            _("Is in the same place as you.")
            if match.kilometres < 1
            else ngettext(
                "Is nearby: %(n)s kilometre from your place.",
                "Is nearby: %(n)s kilometres from your place.",
                match.kilometres,
            )
            % {"n": match.kilometres}
        )
    return why


def shared_words(shared: Shared) -> str:
    """One trait that both have, as a sentence; nothing for one that no word is known for."""
    names = _names(shared)
    if shared.trait == "founding_year":
        return _("You started in about the same year.")
    if shared.trait == "size_class":
        return SIZE_WORDS[shared.codes[0]]() if shared.codes[0] in SIZE_WORDS else ""
    if not names:
        return ""
    sentence = {
        "sectors": _("You both work on: %(what)s."),
        "legal_form_group": _("You have the same kind of legal form: %(what)s."),
        "phase": _("You are in the same phase: %(what)s."),
        "geo_scale": _("You work for the same kind of area: %(what)s."),
        "challenges": _("You have the same big challenges: %(what)s."),
    }[shared.trait]
    return sentence % {"what": "; ".join(name[:1].lower() + name[1:] for name in names)}


KINDS = {
    "sectors": TermKind.SECTOR,
    "phase": TermKind.PHASE,
    "geo_scale": TermKind.SCALE,
    "challenges": TermKind.CHALLENGE,
}


def _names(shared: Shared) -> list[str]:
    if shared.trait == "legal_form_group":
        return [str(LegalFormGroup(code).label) for code in shared.codes if code in LegalFormGroup.values]
    if shared.trait not in KINDS:
        return []
    known = labels(KINDS[shared.trait], get_language() or "nl")
    return [known[code] for code in shared.codes if code in known]
