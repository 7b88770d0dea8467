"""What every page has: header, footer, its other language, its canonical address, its error prefix."""

from functools import lru_cache
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest
from django.template import Context, Library
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

register = Library()

MENU = (
    ("members:directory", _("Collectives")),
    ("members:map", _("Map")),
    ("labs:index", _("Labs")),
    ("pages:about", _("About us")),
)
FOOTER = (
    ("pages:about", _("About us")),
    ("pages:faq", _("Frequently asked questions")),
    ("pages:contact", _("Contact")),
    ("newsletter:subscribe", _("Newsletter")),
    ("pages:privacy", _("Privacy")),
    ("pages:cookies", _("Cookies")),
    ("pages:terms", _("Terms of use")),
    ("pages:accessibility", _("Accessibility")),
)
# Stand-ins in the cached header for what differs per address.
PATH, OTHER = "%%path%%", "%%other%%"


def url_if_any(*names: str) -> str:
    """The address of the first of these URL names that exists, or nothing."""
    for name in names:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return ""


def _links(menu: tuple[tuple[str, Any], ...]) -> list[tuple[str, str]]:
    return [(url, str(label)) for name, label in menu if (url := url_if_any(name))]


@lru_cache(maxsize=2)
def _menu_urls(language: str) -> tuple[str, ...]:
    return tuple(url for url, _label in _links(MENU))


@lru_cache(maxsize=128)
def _header(language: str, current: str, exact: bool, who: str) -> str:
    return render_to_string(
        "components/header.html",
        {
            "links": _links(MENU),
            "current": current,
            "exact": exact,
            "who": who,
            "home": url_if_any("pages:home") or "/",
            "scan": url_if_any("selfscan:start"),
            "login": url_if_any("account_login"),
            "logout": url_if_any("account_logout"),
            "mine": url_if_any("pages:dashboard", "account_email"),
            "news": url_if_any("members:notifications"),
            "admin": url_if_any("admin:index"),
            "other": "en" if language == "nl" else "nl",
            "other_path": OTHER,
            "path": PATH,
        },
    )


@lru_cache(maxsize=2)
def _footer(language: str) -> str:
    return render_to_string(
        "components/footer.html", {"links": _links(FOOTER), "home": url_if_any("pages:home") or "/"}
    )


@register.simple_tag(takes_context=True)
def site_header(context: Context) -> SafeString:
    """The header: logo, menu, language, sign in or out, main action; drawn once per language and place."""
    request: HttpRequest | None = context.get("request")
    language = get_language() or "nl"
    path = request.path if request else "/"
    user = context.get("user")
    who = "" if user is None or not user.is_authenticated else "staff" if user.is_staff else "person"
    current = next((url for url in _menu_urls(language) if path.startswith(url)), "")
    html = _header(language, current, current == path, who)
    other = translate_path(context, "en" if language == "nl" else "nl")
    return mark_safe(html.replace(OTHER, escape(other)).replace(PATH, _next(request)))  # noqa: S308


def _next(request: HttpRequest | None) -> str:
    """Where to come back to after signing in: this page, unless it is itself about signing in."""
    if request is None or "/account/" in request.path or request.method != "GET":
        return ""
    return "?next=" + quote(request.get_full_path(), safe="/")


@register.simple_tag
def site_footer() -> SafeString:
    """The footer; drawn once per language."""
    return mark_safe(_footer(get_language() or "nl"))  # noqa: S308


@register.simple_tag
def home_url() -> str:
    """The home page in the active language."""
    return url_if_any("pages:home") or "/"


@register.inclusion_tag("components/directory_search.html")
def directory_search() -> dict[str, Any]:
    """A search box for collectives, where there is a directory."""
    return {"url": url_if_any("members:directory")}


@register.simple_tag(takes_context=True)
def translate_path(context: Context, language: str) -> str:
    """The address of this same page in another language, with its query; English lives under /en/."""
    request: HttpRequest | None = context.get("request")
    path = request.get_full_path() if request else "/"
    bare = path[3:] or "/" if path.startswith("/en/") or path == "/en" else path
    bare = "/" + bare.lstrip("/\\")  # what stands after /en must not be read as another host
    return bare if language == settings.LANGUAGE_CODE else f"/{language}{bare}"


@register.simple_tag(takes_context=True)
def canonical_url(context: Context, language: str = "") -> str:
    """This page's full address on the public site, without its query; in another language if asked."""
    request: HttpRequest | None = context.get("request")
    path = request.path if request else "/"
    if language:
        path = translate_path(context, language).partition("?")[0]
    return f"{settings.SITE_URL}{path}"


@register.simple_tag(takes_context=True)
def canonical_links(context: Context) -> SafeString:
    """Where this page officially lives, and where it is in each language."""
    links = [("canonical", "", canonical_url(context))]
    links += [("alternate", code, canonical_url(context, code)) for code, _name in settings.LANGUAGES]
    links.append(("alternate", "x-default", canonical_url(context, settings.LANGUAGE_CODE)))
    return format_html_join(
        "\n  ",
        '<link rel="{}"{} href="{}">',
        ((rel, format_html(' hreflang="{}"', code) if code else "", url) for rel, code, url in links),
    )


@lru_cache(maxsize=2)
def _assets(scripted: bool) -> str:
    return render_to_string("components/assets.html", {"scripted": scripted})


@register.simple_tag
def site_assets(scripted: bool = True) -> SafeString:
    """The stylesheets, the icon and the script of every page; their addresses are looked up once per process."""
    return mark_safe(_assets(scripted))  # noqa: S308


@register.simple_tag(takes_context=True)
def title_prefix(context: Context) -> str:
    """ "Fout: " before the title of a page whose form has errors (`form.errors`, or `has_errors` in the context)."""
    form = context.get("form")
    if context.get("has_errors") or (form is not None and getattr(form, "errors", None)):
        return str(pgettext_lazy("before a page title", "Error:")) + " "
    return ""


def forget_pages() -> None:
    """Draw header and footer anew (tests that change the addresses)."""
    for cached in (_menu_urls, _header, _footer, _assets):
        cached.cache_clear()
