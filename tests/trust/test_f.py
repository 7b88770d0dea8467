"""F4: what people give us stands in no log, no message and no value of the broker."""

import base64
import re
import threading
from binascii import Error

import redis
import requests

from tests.journeys.filling import posted_fields
from tests.selfscan.forms import Form, _Forms, fill

EMAIL, ANSWER, PASSWORD = "merkteken-adres@merk.example", "Merktekenantwoord", "merkteken-wachtwoord-99"
PUBLISHED = """
from tests.factories.members import CollectiveFactory
print(CollectiveFactory(published=True, slug="met-brieven").slug)
"""
ENCODED = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")


class Wire:
    """Everything that goes to the broker while it listens."""

    def __init__(self, platform):
        self.door = {"port": platform.redis_port, "password": platform.redis_password}
        self.client = redis.Redis(**self.door, decode_responses=True, encoding_errors="replace")
        self.heard, self.ended = [], threading.Event()
        self.thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *error):
        self.ended.set()
        self.client.set("last", "word", ex=5)
        self.thread.join(10)

    def _listen(self):
        with self.client.monitor() as monitor:
            while not self.ended.is_set():
                self.heard.append(monitor.next_command()["command"])

    def text(self):
        """What was heard, with what is wrapped in base64 unwrapped."""
        heard = "\n".join(self.heard)
        return heard + "\n".join(unwrapped(found) for found in set(ENCODED.findall(heard)))

    def values(self):
        """Every key and value that is there now, in each of its databases."""
        found = []
        for number in range(2):
            client = redis.Redis(**self.door, db=number)
            found += [repr((key, client.dump(key))) for key in client.scan_iter()]
        return "\n".join(found)


def unwrapped(text):
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4)).decode("utf-8", "ignore")
    except (Error, ValueError):
        return ""


def form_on(session, url, has=""):
    """The form of this page that has a field with this name; a scan's own form for none."""
    parser, answer = _Forms(), session.get(url)
    parser.feed(answer.text)
    for form in map(Form, parser.forms):
        if has in form.fields if has else "data-scan" in form.attributes:
            return answer.url, form
    raise AssertionError(f"{answer.url}: {answer.status_code}, no form with {has or 'the questions'}")


def send_form(session, url, has, **fields):
    url, form = form_on(session, url, has)
    return session.post(url, data=form.data | fields)


def whole_scan(platform, session, fields):
    """From the start page to the finished page, over HTTP; its token."""
    answer = send_form(session, platform.url("/zelfscan/"), "form_key")
    start = re.match(r".*/zelfscan/[\w-]{20,}/", answer.url)[0]
    url = f"{start}about/"
    while not url.endswith("/controle/"):
        url, form = form_on(session, url)
        answer = session.post(url, data=fill(form, fields))
        assert "error-summary" not in answer.text, url
        url = answer.url.partition("#")[0]
    send_form(session, f"{start}bewaard/", "email", email=EMAIL)
    answer = send_form(session, url, "csrfmiddlewaretoken")
    assert answer.url.endswith("/klaar/")
    return start.rstrip("/").rpartition("/")[2]


def test_f4_nothing_that_people_give_us_stands_in_a_log_or_a_message(platform, definition, table):
    if not platform.one("SELECT count(*) FROM selfscan_instrument"):
        platform.manage("load_instrument")
    texts = {
        "org_name": ANSWER,
        "short_description": f"{ANSWER} met genoeg tekst erachter om te mogen.",
        "lab_question": ANSWER,
    }
    # A website of its own: other tests on this platform may have published the example, and its double is asked about.
    own = {"contact_email": EMAIL, "place": "Ede", "website": "https://merk.example/"}
    fields = posted_fields(definition, "example_energy") | texts | own
    known = platform.manage("shell", "-v", "0", "-c", PUBLISHED).strip().splitlines()[-1]
    session = requests.Session()
    with Wire(platform) as wire:
        token = whole_scan(platform, session, fields)
        send_form(session, platform.url("/zelfscan/hervatten/"), "email", email=EMAIL)
        for _ in range(2):
            send_form(
                session,
                platform.url("/account/signup/"),
                "password1",
                email=EMAIL,
                password1=PASSWORD,
                password2=PASSWORD,
            )
            session.cookies.clear()
        send_form(session, platform.url("/account/login/"), "login", login=EMAIL, password=PASSWORD + "x")
        session.get(platform.url("/zelfscan/bestaat-al/"), params={"q": f"{ANSWER} {EMAIL}"})
        session.get(platform.url(f"/{EMAIL}/{token}/"))
        session.post(
            platform.url(f"/zelfscan/{token}/controle/"), data={"x": ANSWER}
        )  # refused: its secret is missing
        for number in range(2):  # the second is one that the database refuses
            session.cookies.clear()
            letter = {"name": ANSWER, "message": f"{ANSWER} {number}", "form_key": ""}
            send_form(
                session, platform.url(f"/collectieven/{known}/toegang/"), "message", email=EMAIL, **letter
            )
        platform.await_true(platform.is_idle, 90, "the report is built and mailed")
    heard, kept = wire.text(), wire.values()
    logs = {file.name: file.read_text(errors="replace") for file in platform.logs.glob("*")}
    places = logs | {"Redis messages": heard, "Redis values": kept}
    markers = {"address": EMAIL.partition("@")[0], "answer": ANSWER, "token": token, "password": PASSWORD}
    found = [
        f"{what} in {place}"
        for place, text in places.items()
        for what, marker in markers.items()
        if marker in text
    ]
    assert "selfscan.publish_response" in heard, "the messages were not heard"
    table.add(
        "F4",
        f"a whole scan, sign-up, sign-in and letters with markers; {len(logs)} logs, {len(wire.heard)} words to Redis",
        seen=f"{len(found)} markers {found or ''}",
        must="0",
        holds=not found,
    )
