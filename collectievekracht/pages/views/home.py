"""The home page."""

from collections.abc import Iterable
from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import RequestContext
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from collectievekracht.common import registry
from collectievekracht.common.page_cache import cached_for_visitors
from collectievekracht.pages import home_map, queries
from members.gazetteer import REGIONS_FILE
from members.map_cache import KEPT_PAGES

Block = TypeVar("Block", bound=registry.HomeBlock)


@require_safe
@cached_for_visitors(60, KEPT_PAGES)
def home(request: HttpRequest) -> HttpResponse:
    """What this is, for whom, how many take part, and where they are."""
    drawing = home_map.draw(REGIONS_FILE, queries.home_pins())
    context = {
        "figures": queries.home_figures(),
        "map": drawing,
        "blocks": draw_blocks(request, registry.home_blocks),
    }
    return render(request, "pages/home.html", context)


def draw_blocks(request: HttpRequest, registered: Iterable[registry.HomeBlock]) -> list[SafeString]:
    """What other apps put on this page, drawn in order; a block whose context is None is left out."""
    return [drawn for _block, drawn in drawn_blocks(request, registered)]


def drawn_blocks(request: HttpRequest, registered: Iterable[Block]) -> list[tuple[Block, SafeString]]:
    """Each block with what it looks like. What every template may ask of the request is put together once for all."""
    contexts = [(block, block.context(request)) for block in sorted(registered, key=lambda one: one.order)]
    shown = [
        (block, get_template(block.template).template, dict(context))  # type: ignore[attr-defined]
        for block, context in contexts
        if context is not None
    ]
    shared = RequestContext(request)
    drawn: list[tuple[Block, SafeString]] = []
    if shown:
        with shared.bind_template(shown[0][1]):
            for block, template, context in shown:
                with shared.push(**context):
                    drawn.append((block, template.render(shared)))
    return drawn
