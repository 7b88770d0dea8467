"""What search engines read beside the words of a page: schema.org data, made of what that page itself shows.

Every function gives plain data; `script` writes it into a page. Nothing here knows a model, so nothing leaves that its
caller did not hand over.
"""

import json
import re
from collections.abc import Iterable, Mapping
from html import unescape
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

Thing = dict[str, Any]
CONTEXT = "https://schema.org"
NAME = "CollectieveKracht"
BLOCKS = re.compile(r"<(?:/p|/li|/h[1-6]|/blockquote|br\s*/?)>", re.IGNORECASE)


def absolute(path: str) -> str:
    """The full address of a path on the public site; a full address stays as it is."""
    return urljoin(f"{settings.SITE_URL}/", path)


def script(thing: Mapping[str, Any]) -> SafeString:
    """The data as an element of a page. No sign is left in it that could end the element, as in Django's `json_script`."""
    text = json.dumps({"@context": CONTEXT, **thing}, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 -- escaped just above


def platform() -> Thing:
    """Who runs the site, without naming people."""
    return {
        "@type": "Organization",
        "@id": absolute("/#platform"),
        "name": NAME,
        "url": absolute("/"),
        "logo": {
            "@type": "ImageObject",
            "url": absolute(static("build/icons/icon-512.png")),
            "width": 512,
            "height": 512,
        },
        "description": _("The knowledge platform of and for citizen collectives"),
    }


def home() -> Thing:
    """The platform and its site, for the home page. No search is named: there is none over the whole site yet."""
    site = {
        "@type": "WebSite",
        "@id": absolute("/#site"),
        "name": NAME,
        "url": absolute(reverse("pages:home")),
        "inLanguage": get_language() or settings.LANGUAGE_CODE,
        "publisher": {"@id": absolute("/#platform")},
    }
    return {"@graph": [platform(), site]}


def breadcrumb_list(links: Iterable[tuple[str, str]], here: str = "") -> Thing:
    """Where a page stands: (label, address) of what is above it, and its own name; {} for a trail of nothing."""
    steps: list[Thing] = [{"name": str(label), "item": absolute(str(url))} for label, url in links]
    if here:
        steps.append({"name": str(here)})  # of the page itself the address is known
    if not steps:
        return {}
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, **step} for position, step in enumerate(steps, 1)
        ],
    }


def faq_page(entries: Iterable[tuple[str, str]]) -> Thing:
    """Questions with their answers, which may be HTML; the data gets their words. {} when there are none."""
    questions = [
        {
            "@type": "Question",
            "name": str(question),
            "acceptedAnswer": {"@type": "Answer", "text": _words(answer)},
        }
        for question, answer in entries
    ]
    return {"@type": "FAQPage", "mainEntity": questions} if questions else {}


def lab(name: str, text: str, path: str) -> Thing:
    """A partner lab, as a part of the platform."""
    return {
        "@type": "Organization",
        "@id": absolute(f"{path}#lab"),
        "name": name,
        "description": _words(text),
        "url": absolute(path),
        "parentOrganization": {"@id": absolute("/#platform"), "@type": "Organization", "name": NAME},
    }


def _words(html: str) -> str:
    """The text of clean HTML on one line, words of two paragraphs apart."""
    return " ".join(unescape(strip_tags(BLOCKS.sub(" ", str(html)))).split())
