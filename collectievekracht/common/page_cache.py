"""Whole pages for visitors who are not signed in, kept for a short while."""

import re
import secrets
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import caches
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

View = Callable[..., HttpResponse]
# What may stand behind the `?` of a page that is kept. Of other questions anybody could ask endlessly many, and the
# broker beside the cache throws nothing away.
NO_QUESTION, A_PART = re.compile(""), re.compile("(p=[1-9][0-9]{0,2})?")
LONGEST = 3600  # seconds that any page is kept


def cached_for_visitors(seconds: int, group: str = "", *, in_parts: bool = False) -> Callable[[View], View]:
    """Keep a page's answer to visitors without a session, by language and address; for pages without a form only.

    Pages of a `group` are drawn anew as soon as `let_go(group)` was called. One `in_parts` has others by `?p=2`, and
    answers 404 where there is none.
    """
    question = A_PART if in_parts else NO_QUESTION

    def decorate(view: View) -> View:
        @wraps(view)
        def cached(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            strange = not question.fullmatch(request.META.get("QUERY_STRING", ""))
            if strange or settings.SESSION_COOKIE_NAME in request.COOKIES or get_messages(request):
                return view(request, *args, **kwargs)
            key = f"whole:{get_language()}:{sha256(request.get_full_path().encode()).hexdigest()}"
            cache = caches["pages"]
            found = cache.get_many([key, _version_key(group)] if group else [key])
            # The version from before the page was drawn: what changed meanwhile makes it old.
            version = found.get(_version_key(group), "")
            if key in found and found[key][0] == version:
                _version, content, kind = found[key]
                return HttpResponse(content, content_type=kind)
            response = view(request, *args, **kwargs)
            # The answer to a HEAD isn't the page: it leads nowhere after signing in.
            if request.method == "GET" and response.status_code == 200 and not response.cookies:
                cache.set(key, (version, response.content, response["Content-Type"]), seconds)
            return response

        return cached

    return decorate


def let_go(group: str) -> None:
    """Draw the pages of this group anew once the transaction stands; whatever changes what they say calls this."""
    # The version must outlive every page that was kept under an older one.
    transaction.on_commit(
        lambda: caches["pages"].set(_version_key(group), secrets.token_hex(8), LONGEST * 2), robust=True
    )


def _version_key(group: str) -> str:
    return f"whole-version:{group}"
