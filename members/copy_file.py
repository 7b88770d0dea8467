"""The file with everything that is kept about a person: for programs (JSON), and to read."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from collectievekracht.common import registry
from collectievekracht.common.personal import NUMBER, TABLE
from collectievekracht.common.registry import personal_data
from collectievekracht.common.templatetags.ui_formats import format_day
from members import vocabulary
from members.choices import Audience, Region, TermKind
from members.personal_page import LANGUAGES

NOT_READ = {TABLE, NUMBER, "template"}  # for programs only
OTHERS = {"allauth", "django", "simple_history"}  # whose names are not all in our languages
# What rows are called whose table has no name in our languages.
TITLES: dict[str, Any] = {
    "account.emailconfirmation": _("confirmation of an address"),
    "members.user_groups": _("group of the team"),
    "members.user_user_permissions": _("right in the admin"),
    "mfa.authenticator": _("second step or passkey"),
    "pages.historicalfaqentry": _("change of a question"),
    "pages.historicalpage": _("change of a page"),
    "pages.putaway": _("first step that was put away"),
    "admin.logentry": _("change in the admin"),
    "sessions.session": _("session"),
    "socialaccount.socialaccount": _("signed in through an institution"),
    "socialaccount.socialtoken": _("key of an institution"),
    "usersessions.usersession": _("where you are signed in"),
}
# What fields are called that have no name of their own, or one that Django derives from the code.
NAMES: dict[str, Any] = {
    "action": _("what"),
    "action_time": _("when"),
    "accepted_at": _("sent"),
    "answers": _("answers"),
    "asked_at": _("asked"),
    "at": _("when"),
    "audiences": _("who may see what"),
    "claimed_at": _("taken on"),
    "code": _("page"),
    "created": _("made"),
    "date_joined": _("since"),
    "collective": _("collective"),
    "collectives": _("collectives"),
    "created_at": _("made"),
    "email": _("e-mail address"),
    "expire_date": _("ends on"),
    "expires_at": _("until"),
    "extra_data": _("what they told us"),
    "facts": _("about"),
    "file": _("file"),
    "group": _("group"),
    "handle": _("address of the page"),
    "history_date": _("when"),
    "invitation": _("which way"),
    "ip": _("internet address"),
    "key": _("short name"),
    "kind": _("kind"),
    "lab": _("lab"),
    "language": _("language"),
    "last_login": _("last signed in"),
    "last_seen_at": _("last seen"),
    "last_used_at": _("last used"),
    "name": _("name"),
    "pace": _("when to mail"),
    "permission": _("permission"),
    "photo": _("photo"),
    "primary": _("main address"),
    "provider": _("signed in through"),
    "purpose": _("not wanted"),
    "reply_to": _("answers go to"),
    "sent": _("sent"),
    "scope": _("form that was sent"),
    "sent_at": _("sent"),
    "state": _("state"),
    "suggested_by": _("institution"),
    "target_type": _("kind of thing"),
    "template": _("mail"),
    "to": _("sent to"),
    "type": _("way of signing in"),
    "typed": _("not finished"),
    "uid": _("number there"),
    "user_agent": _("browser"),
    "verified": _("proven"),
    "words": _("in words"),
}


@dataclass(frozen=True)
class Part:
    """What one app keeps: its title, what that is in a few words, and the rows by table."""

    code: str
    title: str
    what: str
    rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Shown:
    """A row to read: what it is, and what stands in it."""

    title: str
    lines: list[tuple[str, str]]


def parts_of(asked: Sequence[tuple[int | None, str]]) -> list[Part]:
    """Everything that every app keeps; `asked` is the account with its main address, then other addresses."""
    found = []
    for entry in personal_data:
        rows: list[Mapping[str, Any]] = []
        for user_id, email in asked:
            rows += [row for row in map(dict, entry.list(user_id, email)) if row not in rows]
        found.append(Part(entry.code, str(entry.title), str(entry.what), rows))
    return found


def copy_file(asked: Sequence[tuple[int | None, str]], *, name: str, made_at: datetime) -> bytes:
    """The whole file, in the current language."""
    parts = parts_of(asked)
    told = {
        "made_at": made_at,
        "parts": [{"code": p.code, "title": p.title, "what": p.what, "rows": p.rows} for p in parts],
    }
    context = {
        "name": name,
        "made_at": made_at,
        "language": get_language(),
        "parts": [(part, list(shown_rows(part.rows))) for part in parts],
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(str(_("read-me.html")), render_to_string("members/copy.html", context))
        archive.writestr(
            "data.json", json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1, default=None)
        )
        for user_id, _email in asked[:1]:
            for entry in personal_data:
                for file_name, content in entry.files(user_id) if entry.files and user_id else ():
                    archive.writestr(file_name, content)
    return packed.getvalue()


def shown_rows(rows: Iterable[Mapping[str, Any]]) -> Iterator[Shown]:
    """The rows in words, in the current language."""
    for row in rows:
        model = _model_of(str(row.get(TABLE, "")))
        title = capfirst(str(TITLES.get(str(row.get(TABLE)), model._meta.verbose_name if model else "")))
        lines = [
            (capfirst(label_of(model, key)), text)
            for key, value in row.items()
            if key not in NOT_READ
            and not (key == "facts" and row.get("words"))  # it says the same, for programs
            and (text := _words(model, key, value))
        ]
        yield Shown(title, lines)


def _model_of(label: str) -> Any:
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def _field(model: Any, key: str) -> Any:
    try:
        return model._meta.get_field(key) if model else None
    except FieldDoesNotExist:
        return None


def label_of(model: Any, key: str) -> str:
    """What a field is called to its reader."""
    name = getattr(_field(model, key), "verbose_name", None)
    ours = model is not None and model.__module__.partition(".")[0] not in OTHERS
    if ours and isinstance(name, Promise):  # one that was given, and not made of the code
        return str(name)
    return str(NAMES.get(key, name or key.replace("_", " ")))


def _words(model: Any, key: str, value: Any) -> str:
    if key == "audiences" and isinstance(value, dict):
        readers = dict(Audience.choices)
        return "; ".join(
            f"{label_of(model, field)}: {readers.get(reader, reader)}" for field, reader in value.items()
        )
    codes = {**dict(getattr(_field(model, key), "flatchoices", None) or ()), **_codes(model, key)}
    if isinstance(value, list | tuple):
        return _plain([codes.get(one, one) if isinstance(one, str) else one for one in value])
    return _plain(codes.get(value, value) if isinstance(value, str) else value)


def _codes(model: Any, key: str) -> Mapping[str, Any]:
    """What codes mean that stand in a field without choices of its own."""
    language = get_language() or settings.LANGUAGE_CODE
    match (model._meta.label_lower if model else "", key):
        case (_, "language"):
            return dict(settings.LANGUAGES)
        case (_, "languages"):
            return LANGUAGES
        case (_, "regions"):
            return dict(Region.choices)
        case (_, "sectors"):
            return vocabulary.labels(TermKind.SECTOR, language)
        case (_, "themes" | "topics"):
            return vocabulary.labels(TermKind.THEME, language)
        case ("common.sentmail", "kind"):
            return {kind.code: kind.name or kind.code for kind in registry.mail_kinds}
        case ("members.notification" | "members.notificationchoice", "kind"):
            return {kind.code: kind.name or kind.code for kind in registry.notification_kinds}
        case ("members.contribution", "kind"):
            return {kind.code: kind.name for kind in registry.contribution_kinds}
        case ("common.suppression", "purpose"):
            return {f"mail:{kind.code}": kind.name or kind.code for kind in registry.mail_kinds}
        case ("pages.invitation", "invitation"):
            return {"sent": _("sent"), "received": pgettext_lazy("an invitation", "received")}
    return {}


def _plain(value: Any) -> str:
    match value:
        case None | "" | [] | {}:
            return ""
        case bool():
            return str(_("yes") if value else _("no"))
        case datetime():
            here = timezone.localtime(value)
            return f"{format_day(here.date(), get_language() or 'nl')}, {here:%H:%M}"
        case date():
            return format_day(value, get_language() or "nl")
        case dict():
            return "; ".join(f"{key}: {_plain(part)}" for key, part in value.items())
        case list() | tuple() | set():
            return ", ".join(_plain(part) for part in value)
    return str(value)
