"""How names are sorted and texts are shortened; pure."""

import re
import unicodedata
from urllib.parse import urlsplit


def sort_key(name: str) -> str:
    """The name in lower case without accents and leading quotes, to sort by in every database."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return plain.lower().strip(" '\"‘’“”-.")[:120]


def summarise(text: str, length: int = 160) -> str:
    """The first `length` characters, cut at a word, on one line."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    return line[:length].rsplit(" ", 1)[0].rstrip(",.;:") + "…"


def website_key(url: str) -> str:
    """Host and path of a web address without `www.`, escaped for a regular expression; empty for none."""
    try:
        parts = urlsplit(url.strip().lower())
    except ValueError:
        return ""
    host = (parts.hostname or "").removeprefix("www.")
    return re.escape(host + parts.path.rstrip("/")) if host else ""
