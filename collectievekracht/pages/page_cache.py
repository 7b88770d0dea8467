"""Whole pages for visitors who are not signed in, kept for a short while."""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

View = Callable[..., HttpResponse]
# Of other questions anybody could ask endlessly many, and the broker beside the cache throws nothing away.
KEPT_BY = frozenset({"p"})


def cached_for_visitors(seconds: int) -> Callable[[View], View]:
    """Keep a page's answer to visitors without a session, by language and address; for pages without a form only."""

    def decorate(view: View) -> View:
        @wraps(view)
        def cached(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            strange = request.GET.keys() - KEPT_BY
            if strange or settings.SESSION_COOKIE_NAME in request.COOKIES or get_messages(request):
                return view(request, *args, **kwargs)
            key = f"whole:{get_language()}:{sha256(request.get_full_path().encode()).hexdigest()}"
            cache = caches["pages"]
            if (kept := cache.get(key)) is not None:
                content, kind = kept
                return HttpResponse(content, content_type=kind)
            response = view(request, *args, **kwargs)
            if response.status_code == 200 and not response.cookies:
                cache.set(key, (response.content, response["Content-Type"]), seconds)
            return response

        return cached

    return decorate
