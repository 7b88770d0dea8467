"""Every link of the site, followed from home, the sitemap and the dashboard, by each kind of person."""

import re
from collections import defaultdict
from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.cache import cache

from tests.quality.browsing import as_text

HOST = "http://testserver"
# Nobody else is named, except who made the map's ground, what a collective calls its own, and where rules stand.
KNOWN_HOSTS = re.compile(
    r"(.+\.example|example\.(com|org)|(www\.)?(kadaster\.nl|cbs\.nl|geonames\.org|creativecommons\.org"
    r"|digitoegankelijk\.nl|w3\.org|nationaleombudsman\.nl|autoriteitpersoonsgegevens\.nl|rsm\.nl|eur\.nl))$"
)
# A link that does something is a form; these are the exceptions: leaving is asked again, a language is a page.
NOT_FOLLOWED = ("/account/logout/",)
# Ways to share a page: links, which nobody follows unasked.
SHARING = re.compile(r"(wa\.me|www\.linkedin\.com)$")
# Filters and pages of a list make addresses without end: of each page so many with a query.
QUERIES = 6
# Rows of one kind in the admin are drawn alike, and looking at some of them makes a new one: so many of each.
ROWS = 2
ROW = re.compile(r"(?:/en)?(/beheer/\w+/\w+/)([^/]+)/")


class Links(HTMLParser):
    """The addresses, the targets and the pictures of a page."""

    def __init__(self, html):
        super().__init__()
        self.links, self.files, self.targets = [], [], {"top"}
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.targets |= {found[name] for name in ("id", "name") if found.get(name)}
        if tag in ("a", "area") and found.get("href"):
            self.links.append(found["href"])
        elif tag == "form" and found.get("method", "get").lower() == "get":
            self.links.append(found.get("action") or "")
        elif tag == "link" and {"alternate", "canonical"} & set(found.get("rel", "").split()):
            self.links.append(found["href"].replace(settings.SITE_URL, HOST))
        elif (tag in ("script", "img", "source") and found.get("src")) or tag == "link":
            self.files.append(found.get("src") or found.get("href"))


class Walk:
    """From these addresses on, until there is nothing new."""

    def __init__(self, client):
        self.client, self.wrong = client, defaultdict(list)
        self.targets, self.asked, self.queries = {}, set(), defaultdict(set)
        self.fragments, self.files, self.rows = [], set(), defaultdict(set)

    def run(self, *starts):
        waiting = [(start, "the start") for start in starts]
        for path, origin in waiting:
            if path in self.asked:
                continue
            self.asked.add(path)
            waiting += [(link, path) for link in self.links_of(path, origin)]
        for target, fragment, origin in self.fragments:
            if target in self.targets and unquote(fragment) not in self.targets[target]:
                self.wrong[origin].append(f"no #{fragment} on {target}")
        return self

    def links_of(self, path, origin):
        """The addresses of our own on a page, noting what is wrong with the page and with them."""
        cache.clear()
        answer = self.client.get(path, follow=True)
        if answer.status_code != 200:
            self.wrong[origin].append(f"{answer.status_code} {path}")
            return []
        if not answer.headers["Content-Type"].startswith("text/html"):
            return []
        page = Links(answer.content.decode())
        self.targets[path] = page.targets
        base = answer.request["PATH_INFO"]
        for file in page.files:
            self.look_at_file(file, path)
        return list(filter(None, (self.ours(urljoin(f"{HOST}{base}", link), path) for link in page.links)))

    def look_at_file(self, file, path):
        if file in self.files or file.startswith("data:"):
            return
        self.files.add(file)
        if file.startswith("/static/"):
            there = finders.find(file.removeprefix("/static/").partition("#")[0])
        else:
            there = self.client.get(urljoin(f"{HOST}{path}", file)).status_code == 200
        if not there:
            self.wrong[path].append(f"no file {file}")

    def ours(self, link, origin):
        """The path to follow, or None."""
        address, fragment = urldefrag(link)
        parts = urlsplit(address)
        if parts.scheme in ("mailto", "tel", "webcal"):
            return None
        if parts.netloc != urlsplit(HOST).netloc:
            if parts.scheme != "https" or not (
                KNOWN_HOSTS.match(parts.netloc) or SHARING.match(parts.netloc)
            ):
                self.wrong[origin].append(f"leads to {link}")
            return None
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        if fragment:
            self.fragments.append((path, fragment, origin))
        if row := ROW.match(parts.path):
            known = self.rows[row[1]]
            if row[2] not in known and len(known) >= ROWS:
                return None
            known.add(row[2])
        if parts.query:
            self.queries[parts.path].add(parts.query)
            if len(self.queries[parts.path]) > QUERIES:
                return None
        return None if parts.path.startswith(NOT_FOLLOWED) else path


@pytest.mark.parametrize(
    ("who", "least"), [("visitor", 40), ("newcomer", 40), ("representative", 40), ("admin", 150)]
)
def test_every_link_leads_somewhere(world, people, who, least):
    sitemaps = ["/sitemap.xml"]
    for sitemap in sitemaps:
        found = re.findall(r"<loc>([^<]+)</loc>", people[who].get(sitemap).content.decode())
        sitemaps += [urlsplit(loc).path for loc in found if loc.endswith(".xml")]
    listed = [
        urlsplit(loc).path
        for sitemap in sitemaps[1:]
        for loc in re.findall(r"<loc>([^<]+)</loc>", people[who].get(sitemap).content.decode())
    ]
    inside = {"visitor": [], "admin": ["/beheer/", "/stijlgids/", "/mijn/"]}.get(who, ["/mijn/"])
    scans = [f"/zelfscan/{world.draft.token}/", f"/zelfscan/{world.sent.token}/klaar/"]
    walk = Walk(people[who]).run("/", "/en/", *listed, *inside, *scans, "/aanmelden/")
    assert walk.wrong == {}, as_text(walk.wrong)
    assert len(walk.asked) > least
