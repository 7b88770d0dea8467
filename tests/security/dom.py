"""A page as a browser builds it, and what in it was planted by what somebody typed."""

import re

import tinyhtml5

from tests.security.vectors import MARK

RUNS = re.compile(r"^[\s\x00-\x20]*(javascript|vbscript|data:text|data:image/svg|data:,)", re.IGNORECASE)
ADDRESSES = {
    "href",
    "src",
    "action",
    "formaction",
    "data",
    "poster",
    "srcset",
    "background",
    "cite",
    "to",
    "values",
    "content",
}
LOADS = {"src", "srcset", "data", "poster", "background", "href"}
# Elements that none of our pages has, except the scripts that are data.
NEVER = {"iframe", "frame", "frameset", "object", "embed", "applet", "base", "portal", "math", "foreignObject", "animate", "set",
         "marquee", "template", "audio", "video", "source", "xmp", "plaintext", "keygen", "feImage", "image", MARK}  # fmt: skip
DATA = {"application/json", "application/ld+json"}


def local(name):
    """The name without its namespace."""
    return str(name).rpartition("}")[2]


def planted(page, *, mail=False):
    """What in this page runs, loads or may run, that we didn't put there."""
    found = []
    for element in tinyhtml5.parse(page).iter():
        tag = local(element.tag)
        attributes = {local(name).lower(): value for name, value in element.attrib.items()}
        ours = (
            attributes.get("src", "").startswith(("/static/", "/beheer/jsi18n/"))
            or attributes.get("type") in DATA
        )
        if tag in NEVER or MARK in tag or tag == "style" or (tag == "script" and (mail or not ours)):
            found.append(f"<{tag}> {(element.text or '')[:60]}")
        if tag == "meta" and attributes.get("http-equiv", "").lower() == "refresh":
            found.append("<meta refresh>")
        found += [
            f"<{tag} {name}={value[:60]}>"
            for name, value in attributes.items()
            if bad(tag, name, value, mail=mail)
        ]
    return found


def bad(tag, name, value, *, mail):
    """Whether this attribute runs something, or loads something from elsewhere."""
    if name.startswith(("on", "hx-")) or name == "srcdoc" or MARK in name:
        return True
    if name == "style":
        return not mail or MARK in value or "url(" in value
    if name.startswith("data-hx-"):
        return (MARK in value and not value.startswith("/")) or value.startswith(f"/{MARK}")
    if name in ADDRESSES and RUNS.match(value):
        return not value.startswith("data:image/png")
    return name in LOADS and tag not in ("a", "form") and f"{MARK}.example" in value
