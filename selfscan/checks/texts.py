"""Names, descriptions, web and e-mail addresses."""

from __future__ import annotations

import re
import unicodedata
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from selfscan.checks.base import Check
from selfscan.conditions import is_answered
from selfscan.fields import free_text_name
from selfscan.schema import Question

FREE_TEXT_MAX = 80
DEFAULT_MAX = {"short_text": 200, "long_text": 5000, "url": 200, "email": 200}


class TextChecks(Check):
    def short(self, question: Question, value: Any) -> str | None:
        return self.text(question, value)

    def long(self, question: Question, value: Any) -> str | None:
        return self.text(question, value, lines=True)

    def text(self, question: Question, value: Any, *, lines: bool = False) -> str | None:
        rules, code = question.validation, question.code
        longest = rules.max_length or DEFAULT_MAX[question.type]
        result = self.tidied(code, code, value, longest, lines=lines)
        if not result:
            return None
        if "uppercase" in rules.normalise:
            result = unicodedata.normalize("NFC", result.upper())
        if rules.min_length and len(result) < rules.min_length:
            return self.refuse(
                question,
                "too_short",
                format_lazy(
                    _("Write a little more: at least {min} characters. Now there are {count}."),
                    min=rules.min_length,
                    count=len(result),
                ),
            )
        if rules.pattern_by:
            pattern = rules.pattern_by.patterns.get(self.answers.get(rules.pattern_by.q, ""))
            if pattern and not re.search(pattern, result):
                return self.refuse(
                    question,
                    "pattern",
                    _("This looks different from what we expect. Check it for typing errors."),
                )
        return result

    def url(self, question: Question, value: Any) -> str | None:
        longest = question.validation.max_length or DEFAULT_MAX["url"]
        result = self.tidied(question.code, question.code, value, longest)
        if not result:
            return None
        if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", result):
            result = f"https://{result}"
        schemes = question.validation.schemes or ("https", "http")
        try:
            URLValidator(schemes=list(schemes))(result)
            parts = urlsplit(result)
            fits = len(result) <= longest and "@" not in parts.netloc and "." in (parts.hostname or "")
        except (ValidationError, ValueError):
            fits = False
        if fits:
            return result
        return self.refuse(question, "url", _("Fill in a web address, like https://www.example.nl."))

    def email(self, question: Question, value: Any) -> str | None:
        result = self.tidied(
            question.code, question.code, value, question.validation.max_length or DEFAULT_MAX["email"]
        )
        if not result:
            return None
        try:
            EmailValidator()(result)
        except (ValidationError, ValueError):
            return self.refuse(question, "email", _("Fill in an e-mail address, like name@example.nl."))
        local, _at, domain = result.rpartition("@")
        return f"{local}@{domain.lower()}"

    def free_texts(self, question: Question, clean: Any) -> None:
        for option in question.options:
            name = free_text_name(question.code, option.code)
            value = self.given.get(name) if option.free_text else None
            chosen = option.code in clean if isinstance(clean, list) else option.code == clean
            if chosen and is_answered(value):
                result = self.tidied(name, question.code, value, FREE_TEXT_MAX)
                if result:
                    self.answers[name] = result
