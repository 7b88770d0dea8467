"""The pages of text that the team writes, and the questions that people ask."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from collectievekracht.common.page_cache import cached_for_visitors
from collectievekracht.pages import choices, texts
from collectievekracht.pages.reading import Group, Reading

SECONDS = 900


@require_safe
@cached_for_visitors(SECONDS, group=texts.GROUP)
def page(request: HttpRequest, code: str) -> HttpResponse:
    """A page at an address of its own."""
    return draw_page(request, _reading(code))


@require_safe
@cached_for_visitors(SECONDS, group=texts.GROUP)
def more(request: HttpRequest, code: str) -> HttpResponse:
    """A page under `/over/`; one with an address of its own is shown there."""
    if code in choices.FIXED_PAGES:
        return redirect(f"pages:{choices.FIXED_PAGES[code]}", permanent=True)
    return draw_page(request, _reading(code))


@require_safe
@cached_for_visitors(SECONDS, group=texts.GROUP)
def faq(request: HttpRequest) -> HttpResponse:
    """The questions that people ask, with their answers."""
    return draw_questions(request, _reading(texts.QUESTIONS), texts.by_group(texts.questions()))


def draw_page(request: HttpRequest, reading: Reading, **context: Any) -> HttpResponse:
    """A page of text; a preview is drawn by the same hand."""
    under_about = reading.code not in choices.FIXED_PAGES
    return render(request, "pages/text.html", {"page": reading, "under_about": under_about, **context})


def draw_questions(
    request: HttpRequest, reading: Reading, groups: list[Group], **context: Any
) -> HttpResponse:
    """The page of questions; a preview is drawn by the same hand."""
    return render(request, "pages/questions.html", {"page": reading, "groups": groups, **context})


def _reading(code: str) -> Reading:
    found = texts.find(code)
    if found is None:
        raise Http404
    return texts.read(found)
