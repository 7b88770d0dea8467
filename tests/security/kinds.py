"""What people and robots type: texts that have broken other systems."""

import html
import re
import unicodedata
from urllib.parse import quote_from_bytes

KINDS = {
    "nothing": "",
    "a space": " ",
    "NUL": "a\x00b",
    "NUL alone": "\x00",
    "half a surrogate": "a\ud800b",
    "other half": "\udfff",
    "bell and escape": "a\x07\x1b[31mb",
    "delete and C1": "a\x7f\x85\x9bb",
    "right-to-left override": "\u202emoc.live",
    "isolates": "a\u2066b\u2069c",
    "right-to-left text": "שלום العربية",
    "zero width": "a\u200bb\u200c\u200dc\ufeff",
    "only invisible": "\u200b\u2060\ufeff",
    "combining": "e\u0301" + "\u0300" * 60,
    "zalgo": "".join(letter + "\u030d\u0316\u0334" * 8 for letter in "collectief"),
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈🇳🇱",
    "beyond the first plane": "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𠜎",
    "noncharacter": "a\ufffe\uffffb",
    "replacement": "a\ufffdb",
    "line separators": "a\u2028b\u2029c\x0bd\x0ce",
    "CRLF and a header": "Jan\r\nBcc: x@elders.example\r\n\r\n<b>",
    "LF": "regel 1\nregel 2\n\n\n\nregel 3",
    "tabs": "a\tb\t",
    "100,000 characters": "x" * 100_000,
    "a million characters": "y" * 1_000_000,
    "100,000 lines": "\n" * 100_000,
    "one word": "w" * 200,
    "template": "{{7*7}}${7*7}#{7*7}<%= 7*7 %>",
    "Django template": "{% debug %}{{ settings.SECRET_KEY }}{# x #}",
    "percent": "%s%n%(x)d%%",
    "braces": "{0.__class__}{x!r:>{y}}",
    "SQL": "'; DROP TABLE members_user; --",
    "SQL comment": '" OR 1=1 /* ',
    "backslashes": "\\' \\\\ \\u0000 \\x00",
    "LIKE": "%_%\\%",
    "regex": "(a+)+$ [[[ *",
    "HTML": "<script>alert(1)</script><b onclick=x>vet</b>",
    "entities": "&lt;b&gt; &#0; &#x202e; &amp;amp;",
    "shell": "$(id) `id` | id; id",
    "path": "../../../../etc/passwd",
    "address": "javascript:alert(1)//https://voorbeeld.example",
    "data address": "data:text/html,<script>alert(1)</script>",
    "bracketed address": "http://[::1",
    "1e400": "1e400",
    "10^30": "1" + "0" * 30,
    "minus zero": "-0",
    "NaN": "NaN",
    "infinity": "-Infinity",
    "2^40": str(2**40),
    "2^63": str(2**63),
    "comma": "1,5",
    "Arabic digits": "٣٤",
    "Roman one": "²½Ⅷ",
    "31 February": "2026-02-31",
    "year 0": "0000-00-00",
    "JSON": '{"$ne": null, "a": [1]}',
    "formula": '=HYPERLINK("https://elders.example";"x")',
    "null word": "null",
    "true word": "True",
    "an address": "iemand@voorbeeld.example",
    "two addresses": "a@voorbeeld.example,b@voorbeeld.example",
    "long address": "a" * 250 + "@voorbeeld.example",
    "IDN address": "info@münchen.example",
    "quoted address": '"a b"@voorbeeld.example',
    "a real name": "O’Neill & Zn. – «Café 't Hoekje» nº 5",
}
assert len(KINDS) >= 40
TRACES = re.compile(
    r"Traceback \(most recent|psycopg|django\.db|File \"/|SELECT .{0,400} FROM|ProgrammingError|OperationalError"
    r"|DataError|TemplateSyntaxError|site-packages"
)


def encoded(data):
    """Form data as a browser that sends anything would: half characters too."""

    def one(value):
        return quote_from_bytes(str(value).encode("utf-8", "surrogatepass"))

    pairs = [
        (name, value)
        for name, given in data.items()
        for value in (given if isinstance(given, list | tuple) else [given])
    ]
    return "&".join(f"{one(name)}={one(value)}" for name, value in pairs)


def plain(text):
    """A text as it can be compared wherever it is shown: without spacing, invisible marks and what can't be read."""
    letters = unicodedata.normalize("NFC", text.replace("\ufffd", ""))
    return "".join(one for one in letters if one.isprintable() and not one.isspace())


def words_of(page):
    """What a page shows, in its text and in its fields; to look for `plain` texts in."""
    return plain(html.unescape(re.sub(r"<[^>]*>", "", page))) + "\0" + plain(html.unescape(page))
