"""Acceptance line 12: Dutch pages are Dutch, also where a library speaks; dates and numbers as the Dutch write them."""

import re
from collections import defaultdict
from html.parser import HTMLParser
from pathlib import Path

import allauth
import django.contrib.admin
import django.contrib.auth
import polib
from django.apps import apps
from django.conf import settings

from tests.quality.browsing import as_text

CATALOGUES = (
    settings.BASE_DIR / "locale",
    Path(django.contrib.admin.__file__).parent / "locale",
    Path(django.contrib.auth.__file__).parent / "locale",
    Path(allauth.__file__).parent / "locale",
)
SAID = ("aria-label", "alt", "title", "placeholder")
EMPTY = {"input", "br", "hr", "img", "meta", "link", "source", "wbr", "col", "area"}
ENGLISH = re.compile(r"\b(the|your|you|with|this|please|and|cannot)\b", re.IGNORECASE)
GROUP = "Social Enterprise and Institutions for Collective Action"
FORMATS = {
    "a month in English": re.compile(r"\b(January|February|March|May|June|July|August|October)\b"),
    "a date for machines": re.compile(r"\b(19|20)\d\d-\d\d-\d\d\b"),
    "a comma for thousands": re.compile(r"\b[1-9]\d{0,2},\d{3}\b"),
    "a clock of twelve hours": re.compile(r"\d [ap]\.m\."),
}  # fmt: skip


class Words(HTMLParser):
    """What a page says, less what it says to be in another language or as it was typed."""

    def __init__(self, html):
        super().__init__()
        self.said, self.stack = [], []
        self.feed(html)

    @property
    def is_ours(self):
        return not any(apart for _tag, apart in self.stack)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        apart = (
            tag in ("script", "style", "code", "pre", "textarea", "svg", "head") or found.get("lang") == "en"
        )
        if tag not in EMPTY:
            self.stack.append((tag, apart))
        if self.is_ours and not apart:
            self.said += [found[name] for name in SAID if found.get(name)]

    def handle_endtag(self, tag):
        while any(tag == open_tag for open_tag, _apart in self.stack):
            if self.stack.pop()[0] == tag:
                break

    def handle_data(self, data):
        if self.is_ours and data.strip():
            self.said.append(" ".join(data.split()))


def untranslated():
    """Every text in English that has another in Dutch."""
    pairs = {}
    for folder in CATALOGUES:
        for entry in polib.pofile(str(folder / "nl" / "LC_MESSAGES" / "django.po")):
            if entry.msgstr and not entry.obsolete and "%" not in entry.msgid and len(entry.msgid) > 3:
                pairs[" ".join(entry.msgid.split())] = " ".join(entry.msgstr.split())
    dutch = {text.lower() for text in pairs.values()}
    return {
        text for text, other in pairs.items() if text.lower() != other.lower() and text.lower() not in dutch
    }


def test_texts_are_asked_by_names_that_are_looked_for():
    """Of a text that is asked by another name no catalogue hears, so it stays English."""
    renamed = re.compile(r"import \w*gettext\w* as (?!_$)\w+", re.MULTILINE)
    ours = [Path(app.path) for app in apps.get_app_configs() if ".venv" not in app.path]
    files = [file for folder in ours for file in folder.rglob("*.py")]
    assert len(files) > 300
    assert [str(file) for file in files if renamed.search(file.read_text())] == []


def test_dutch_pages_are_dutch(found):
    english, wrong = untranslated(), defaultdict(list)
    for page in found[0]:
        if page.language != "nl" or page.is_admin:  # Django's admin leaves "None" and "Search" as they are
            continue
        for said in Words(page.html).said:
            if said in english or ENGLISH.search(said.replace(GROUP, "")):
                wrong[str(page)].append(said[:120])
    assert wrong == {}, as_text(wrong)


def test_dates_and_numbers_are_dutch(found):
    wrong = defaultdict(list)
    for page in found[0]:
        for said in Words(page.html).said if page.language == "nl" and not page.is_admin else ():
            wrong[str(page)] += [
                f"{what}: {said[:120]}" for what, form in FORMATS.items() if form.search(said)
            ]
    wrong = {page: found for page, found in wrong.items() if found}
    assert wrong == {}, as_text(wrong)
