"""What a page of a repeat scan says beside its questions: whose an answer is, and how a consent stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from collectievekracht.common.templatetags.ui_formats import day
from selfscan.instrument import Definition, Question, text
from selfscan.models import Response
from selfscan.publication import CONSENT_QUESTIONS, PUBLIC_QUESTIONS
from selfscan.repeat import base_of


def notes_of(
    scan: Response,
    offered: Mapping[str, Any],
    questions: Iterable[Question],
    definition: Definition,
    language: str,
) -> dict[str, str]:
    """By question; nothing for a scan that repeats none. One query where there is a proposal, one for consents."""
    if scan.previous_id is None:
        return {}
    asked = {question.code for question in questions}
    found = _proposed(scan, {base_of(key) for key in offered} & asked, offered)
    if consents := asked & set(CONSENT_QUESTIONS.values()):
        found |= _consents(scan, consents, definition, language)
    return found


def _proposed(scan: Response, codes: Collection[str], offered: Mapping[str, Any]) -> dict[str, str]:
    previous = scan.previous
    if not codes or previous is None or previous.completed_at is None:
        return {}
    earlier = _("From your scan of %(day)s; still right?") % {"day": day(previous.completed_at)}
    changed = _("From your page as it is now; still right?")
    return {
        code: changed if code in PUBLIC_QUESTIONS and _differs(code, offered, previous.answers) else earlier
        for code in codes
    }


def _differs(code: str, offered: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    mine, old = offered[code], before.get(code)
    if code == "place" and isinstance(mine, Mapping) and isinstance(old, Mapping):
        return bool(mine.get("name") != old.get("name"))
    return bool(mine != old)


def _consents(
    scan: Response, codes: Collection[str], definition: Definition, language: str
) -> dict[str, str]:
    """How each consent stands now, to be kept or changed; none is filled in."""
    if scan.collective is None:
        return {}
    given = {consent.kind: consent for consent in scan.collective.consents.in_force()}
    notes = {}
    for kind, code in CONSENT_QUESTIONS.items():
        if code not in codes:
            continue
        if kind not in given:
            notes[code] = _("As it stands now: no.")
            continue
        consent = given[kind]
        option = definition.question(code).options_by_code.get(consent.detail)
        answer = text(option.label, language) if option else _("yes")
        notes[code] = _("As it stands now: %(answer)s (since %(day)s).") % {
            "answer": answer,
            "day": day(consent.given_at),
        }
    return notes
