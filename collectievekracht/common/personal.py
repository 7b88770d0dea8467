"""What apps share to list what they keep of a person, and to take a person out of what stays."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Model, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import translation
from django.utils.translation import gettext

TABLE, NUMBER = "table", "id"
# Under which names of facts a person stands by name; there one word is enough to know them by.
WHO = frozenset({"name", "who", "inviter"})
Rows = Iterator[Mapping[str, Any]]


def rows(found: QuerySet[Any], *fields: str, **more: str) -> Rows:
    """These fields of each row, for the access file, with their table and number; `more` names what is elsewhere.

    `more` is a name with its path: `collective="collective__name"`.
    """
    label = found.model._meta.label_lower
    names = {field: field for field in fields} | more
    for pk, *values in found.order_by("pk").values_list("pk", *names.values()):
        yield {TABLE: label, NUMBER: pk, **dict(zip(names, values, strict=True))}


@dataclass(frozen=True, slots=True)
class Words:
    """By what a person is found in words that others keep: their address, and their name.

    A name of several words is found wherever it stands. One of a single word may be anybody's, or any word at all
    ("Roos", "de"), and everybody chooses their own: it is found only where a fact says that it is a person's.
    """

    address: str
    name: str = ""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to look for."""
        return not (self.address or self.name)

    @property
    def full_name(self) -> str:
        """The name, when it has so many words that it stands for this person in a running text."""
        return self.name if len(self.name.split()) > 1 else ""

    def _pattern(self) -> re.Pattern[str]:
        parts = [
            rf"(?<![\w.+-]){re.escape(self.address)}(?![\w-]|\.\w)" if self.address else "",
            rf"(?<!\w){re.escape(self.full_name)}(?!\w)" if self.full_name else "",
        ]
        return re.compile("|".join(part for part in parts if part) or r"(?!)", re.IGNORECASE)

    def without(self, value: Any) -> Any:
        """The same text, list or mapping, with another word in the person's place; what facts are called stays."""
        if self.empty:
            return value
        pattern, former = self._pattern(), former_member()

        def clean(part: Any) -> Any:
            match part:
                case str():
                    return pattern.sub(lambda hit: "" if "@" in hit[0] else former, part)
                case list():
                    return [clean(one) for one in part]
                case dict():
                    return {key: told(key, one) for key, one in part.items()}
            return part

        def told(key: str, one: Any) -> Any:
            is_me = isinstance(one, str) and self.name and one.strip().lower() == self.name.lower()
            return former if is_me and key in WHO else clean(one)

        return clean(value)

    def stand_in(self, field: str) -> Q:
        """Rows whose field may hold them; `field` is text, or was made so by `as_text`."""
        found = Q(pk=None)
        # A whole value, as JSON writes it.
        one_word = f'"{self.name}"' if self.name and not self.full_name else ""
        for word in (self.address, self.full_name, one_word):
            if word:
                found |= Q(**{f"{field}__icontains": word})
        return found


def of(user_id: int | None, email: str, *, user: str = "user", address: str = "email") -> Q:
    """Rows of this person, by the account or by the address; of nobody when both are missing."""
    found = Q(pk=None)
    if user_id:
        found |= Q(**{f"{user}_id": user_id})
    if email:
        found |= Q(**{f"{address}__iexact": email})
    return found


def words_of(user_id: int | None, email: str) -> Words:
    """The words by which this person is found."""
    name = ""
    if user_id:
        name = get_user_model().objects.filter(pk=user_id).values_list("name", flat=True).first() or ""
    return Words(email, name.strip())


def former_member() -> str:
    """What stands in the place of a name that was erased, in the platform's own language."""
    with translation.override(settings.LANGUAGE_CODE):
        return gettext("former member")


def holding(found: QuerySet[Any], words: Words, *fields: str) -> QuerySet[Any]:
    """Rows that may hold the person in one of these fields, whatever its kind.

    As text the database writes JSON and arrays without escapes, so that one question finds them all.
    """
    if words.empty:
        return found.none()
    hit = Q(pk=None)
    for field in fields:
        hit |= words.stand_in(f"{field}_as_text")
    return found.annotate(**{f"{field}_as_text": Cast(field, TextField()) for field in fields}).filter(hit)


def take_out(
    found: QuerySet[Any],
    words: Words,
    *fields: str,
    also: Callable[[Model], Mapping[str, Any]] | None = None,
) -> int:
    """Take a person out of the texts and facts of rows that stay; how many rows held them.

    `also` gives what else changes in such a row.
    """
    changed = 0
    for row in holding(found, words, *fields):
        before = {field: getattr(row, field) for field in fields}
        values = {field: words.without(value) for field, value in before.items()}
        if values != before:
            found.model._base_manager.filter(pk=row.pk).update(**values, **(also(row) if also else {}))
            changed += 1
    return changed
