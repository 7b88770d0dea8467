"""D1 and D2: what hypothesis thinks of in every form, and what chance makes of every address: never an error of ours."""

import random
from collections import Counter
from functools import partial
from itertools import cycle
from urllib.parse import quote_from_bytes

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.security.addresses import addresses
from tests.security.asking import broken, differs, fill_page, scan_pages
from tests.security.kinds import KINDS, encoded
from tests.security.surface import FORM, SURFACES
from tests.trust.figures import FULL

EXAMPLES = 1000 if FULL else 100
FEWER = 1000 if FULL else 20  # where nothing of it is saved, and behind the second factor
GOOD_ANSWERS = [
    "nl",
    "Ede",
    "energy",
    "other",
    "yes",
    "5",
    "dk",
    "2014",
    "https://voorbeeld.example/",
    "1234 AB",
]
VALUES = (
    st.sampled_from([*KINDS.values()]).filter(lambda text: len(text) < 1000)
    | st.text(st.characters(exclude_categories=()), max_size=40)
    | st.integers().map(str)
    | st.floats().map(str)
    | st.dates().map(str)
)


def anything_for(fields, valid):
    """Any values, of which some are good, for any of these fields, each up to three times; and a field of nobody."""
    names = st.sampled_from([*fields, "is_staff", "state"])
    value = st.sampled_from([*valid]) | VALUES
    return st.dictionaries(names, st.lists(value, max_size=3), max_size=len(fields) + 1)


def look_for(strategy, act, examples=EXAMPLES):
    """What goes wrong with examples of this; hypothesis makes the shortest of them."""

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=not FULL,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def run(example):
        assert not act(example)

    run()


def test_d1_anything_in_every_form_and_filter(world, people, definition, by_itself, table):
    def try_one(surface, data):
        response = surface.send(world, people, data)
        return broken(response) or differs(surface, world, people, response)

    for surface in SURFACES:
        good = [*surface.fields.values(), *surface.base.values()]
        whole = anything_for({**surface.fields, **surface.base}, good)
        partly = whole.map(lambda some, surface=surface: surface.fields | some)
        look_for(
            whole | partly,
            lambda data, surface=surface: by_itself(lambda: try_one(surface, data)),
            EXAMPLES if surface.stored and surface.who == "visitor" else FEWER,
        )
    drafts, good = list(scan_pages(definition)), st.sampled_from(GOOD_ANSWERS)

    def try_page(drawn):
        (scan, path), values = drawn
        return fill_page(
            people["visitor"], scan, path, lambda names: dict(zip(names, cycle(values), strict=False))
        )[1]

    several = st.lists(st.lists(good | VALUES, max_size=3), min_size=1, max_size=9)
    look_for(st.tuples(st.sampled_from(drafts), several), lambda drawn: by_itself(lambda: try_page(drawn)))
    table.add(
        "D1",
        f"{EXAMPLES} examples by hypothesis in each form of visitors that is saved, {FEWER} in each other form and filter",
        seen="0 answered with an error, 0 shown otherwise than saved",
        must="0",
        holds=True,
    )


# --- D2: every address, its arguments, parameters, headers and body made by chance

METHODS = ["GET"] * 8 + ["POST"] * 6 + ["HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY"]
ODD = [text for text in KINDS.values() if len(text) <= 1000] + ["x" * 5000, "1", "0", "-1", "true", "", "on"]
NAMES = [
    *sorted({name for surface in SURFACES for name in (*surface.fields, *surface.base)}),
    "csrfmiddlewaretoken", "action", "_selected_action", "_save", "_continue", "_facets", "term", "model_name", "app_label",
    "field_name", "org_name", "place", "place_id", "place_lat", "sectors", "sectors__other", "version", "seen", "shown",
    "later", "deciding", "keep.org_name", "definition_check.def_goal", "chal_internal.ch_finance.now", "income_split.inc_members",
    "IS_POPUP", "user__isnull", "collective__name__startswith", "pk__in", "o.x", "p.", "[]", "a[b]",
]  # fmt: skip
HEADERS = {
    "HTTP_ACCEPT_LANGUAGE": ["en", "nl,en;q=x", "*;q=1e400", "a" * 5000, "\x00"],
    "HTTP_HX_REQUEST": ["true", "x"],
    "HTTP_HX_CURRENT_URL": ["http://[::1", "javascript:x"],
    "HTTP_X_SCAN": ["live"],
    "HTTP_X_SCAN_SHAPE": ["x" * 300],
    "HTTP_IF_NONE_MATCH": ['"x"', "*", '"', "W/" * 900],
    "HTTP_IF_MODIFIED_SINCE": ["x", "Thu, 01 Jan 0000 00:00:00 GMT", "Sat, 31 Feb 2026 25:61:61 GMT"],
    "HTTP_RANGE": ["bytes=0-", "bytes=9-1", "bytes=-" + "9" * 30],
    "HTTP_X_FORWARDED_FOR": ["1.2.3.4", ",", "x" * 500, "::1, 0"],
    "HTTP_ORIGIN": ["null", "https://elders.example", "http://[::1"],
    "HTTP_REFERER": ["http://[::1", "x" * 3000],
    "HTTP_ACCEPT": ["application/json", ";q=", "text/html;level=1;q=NaN"],
    "HTTP_ACCEPT_ENCODING": ["gzip;q=0", "br, *"],
    "HTTP_COOKIE": [
        "sessionid=x; csrftoken=",
        "messages=[[1]]; sessionid=\x00",
        ";;=;" * 200,
        "django_language=x",
    ],
    "HTTP_HOST": ["testserver:99999", "elders.example", "[::1", ""],
    "HTTP_USER_AGENT": ["\xff", "x" * 8000],
}
BODIES = [
    ("multipart/form-data", b"--x\r\n"),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="a"; filename="../x"\r\n\r\n\x00\r\n--x--',
    ),
    ("multipart/form-data; boundary=" + "x" * 300, b""),
    ("application/json", b'{"a": "\\ud800"'),
    ("application/x-www-form-urlencoded; charset=utf-7", b"a=%00&%=%&&=;"),
    (FORM, b"&".join(b"a%d=1" % number for number in range(2_100))),
    (FORM, b"a=" + b"x" * 2_600_000),
    ("", b"\xff\xfe"),
]


def chance(dice, found):
    """One request made by chance."""
    address = dice.choice(found)
    parts = address.path.split("/")
    if "<" in address.route and dice.random() < 0.6:
        place = dice.randrange(1, len(parts))
        parts[place] = quote_from_bytes(dice.choice(ODD).encode("utf-8", "surrogatepass"), safe="")[:4000]
    path = dice.choice(["", "", "", "/en"]) + "/".join(parts)

    def pick(most):
        many = [dice.choice(NAMES) for _ in range(dice.randrange(most))]
        return {name: dice.sample(ODD, dice.choice([1, 1, 1, 3])) for name in many}

    request = {"QUERY_STRING": encoded(pick(4))}
    for name in dice.sample(sorted(HEADERS), dice.choice([0, 0, 1, 3])):
        request[name] = dice.choice(HEADERS[name])
    content_type, body = (FORM, encoded(pick(12))) if dice.random() < 0.9 else dice.choice(BODIES)
    return dice.choice(METHODS), path, body, content_type, request


def test_d2_chance_finds_no_error_of_ours(world, people, by_itself, table):
    times, statuses, wrong = 50_000 if FULL else 2_000, Counter(), []
    found, dice = addresses(world), random.Random(0)
    for _ in range(times):
        who = dice.choice(["visitor", "visitor", "representative", "admin"])
        method, path, body, content_type, extra = chance(dice, found)
        ask = partial(people[who].generic, method, path, body, content_type=content_type, **extra)

        def look(ask=ask):
            response = ask()
            statuses[response.status_code] += 1
            return broken(response)

        if problem := by_itself(look):
            wrong.append(f"{problem}: {who} {method} {path[:120]} {extra!r:.200} {body!r:.200}")
    table.add(
        "D2",
        f"{times} requests made by chance over {len(found)} patterns, by visitor, representative and admin",
        seen=f"{len(wrong)} answered with 5xx, a traceback or SQL {wrong[:10] or ''}; statuses {dict(sorted(statuses.items()))}",
        must="0",
        holds=not wrong,
    )
