"""What others read of a page: its title, its description, the card beside a link to it, and its data."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import unescape
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template import Context, Library
from django.templatetags.static import static
from django.utils.html import escape, format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from collectievekracht.common import social_cards, structured_data

register = Library()

DESCRIPTION = 160  # signs that a search engine shows
TITLE, SUMMARY = "page title", "page description"  # what a page says of itself, kept while it is drawn
LOCALES = {"nl": "nl_NL", "en": "en_GB"}


def _text(content: str) -> str:
    """What a block of a template says, as plain text on one line."""
    return " ".join(unescape(strip_tags(content)).split())


def _short(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    return text[: length - 1].rpartition(" ")[0].rstrip(" ,.;:–-") + "…"


@register.simple_block_tag(takes_context=True)
def page_title(context: Context, content: str) -> str:
    """The words of the page's title, kept for `page_card`."""
    context.render_context[TITLE] = _text(content)
    return content


@register.simple_block_tag(takes_context=True)
def page_description(context: Context, content: str) -> SafeString:
    """The page's description, or the platform's, no longer than search engines show; kept for `page_card`."""
    own = _("The knowledge platform of and for citizen collectives: learn from each other and from science.")
    text = _short(_text(content) or own, DESCRIPTION)
    context.render_context[SUMMARY] = text
    return format_html('<meta name="description" content="{}">', text)


@register.simple_tag(takes_context=True)
def page_card(context: Context, url: str, kind: str = "") -> SafeString:
    """Open Graph of this page: its own title and description, with the card of its kind (by its address's name)."""
    request: HttpRequest | None = context.get("request")
    match = request.resolver_match if request else None
    kind = kind or social_cards.kind_of(match.view_name if match else "")
    kept = context.render_context
    own = {
        "og:title": kept.get(TITLE) or structured_data.NAME,
        "og:description": kept.get(SUMMARY, ""),
        "og:url": url,
    }
    return SafeString(
        "".join(
            f'<meta property="{name}" content="{escape(value)}">\n  ' for name, value in own.items() if value
        )
        + _card(kind, get_language() or settings.LANGUAGE_CODE, settings.SITE_URL)
    )


@lru_cache(maxsize=64)
def _card(kind: str, language: str, site: str) -> str:
    """What every page of a kind says in a language; put together once per process."""
    card = social_cards.CARDS[kind]
    others = [LOCALES[code] for code, _name in settings.LANGUAGES if code != language]
    rows: list[tuple[str, str, Any]] = [
        ("property", "og:site_name", structured_data.NAME),
        ("property", "og:type", "website"),
        ("property", "og:locale", LOCALES[language]),
        *(("property", "og:locale:alternate", other) for other in others),
        ("property", "og:image", structured_data.absolute(static(social_cards.file_of(kind, language)))),
        ("property", "og:image:type", "image/png"),
        ("property", "og:image:width", social_cards.WIDTH),
        ("property", "og:image:height", social_cards.HEIGHT),
        ("property", "og:image:alt", f"{_(card.title)} – {_(card.text)}"),
        ("name", "twitter:card", "summary_large_image"),
    ]
    return "\n  ".join(format_html('<meta {}="{}" content="{}">', *row) for row in rows)


@register.simple_tag
def structured(thing: Mapping[str, Any] | None) -> SafeString:
    """A thing of `structured_data`, written into the page; nothing for nothing."""
    return structured_data.script(thing) if thing else SafeString("")


@register.simple_tag
def questions_data(groups: Iterable[Any]) -> SafeString:
    """Questions with their answers, for the page that shows them: groups with `answers`, each a question and HTML."""
    entries = [(one.question, one.html) for group in groups for one in group.answers]
    return structured(structured_data.faq_page(entries))


@register.simple_tag
def lab_data(name: Any, text: str, path: str) -> SafeString:
    """A partner lab, for its own page."""
    return structured(structured_data.lab(str(name), text, path))


@register.simple_tag
def home_data() -> SafeString:
    """Who we are and what this site is, for the home page."""
    return structured_data.script(structured_data.home())


@register.simple_tag
def feed_link(url: str, title: str) -> SafeString:
    """Tells feed readers that this page has a feed."""
    return format_html('<link rel="alternate" type="application/atom+xml" title="{}" href="{}">', title, url)
