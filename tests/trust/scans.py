"""Filled-in scans by the hundred, sent as a browser sends them, and whether each was built once and whole."""

import hashlib
import json
import re
import secrets
import time
from collections import Counter
from dataclasses import dataclass

import requests
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

from tests.factories.members import PASSWORD
from tests.factories.signing_in import SECRET
from tests.selfscan.forms import Form, _Forms
from tests.trust.platform import Answer

ADMIN, MEMBER, KNOWN = "beheer@fault.example", "lid@fault.example", "bekend@fault.example"
# Whom the faults meet: an admin, a member, a collective with a page, and a filled-in scan to copy.
SET_UP = f"""
import json
from tests.factories.members import CollectiveFactory, UserFactory
from tests.factories.selfscan import ResponseFactory, answers_of
from tests.factories.signing_in import give_factor
give_factor(UserFactory(admin=True, email={ADMIN!r}))
UserFactory(email={MEMBER!r})
known = CollectiveFactory(published=True, slug="bekend", contact_email={KNOWN!r})
answers = answers_of("example_energy") | {{"consent_newsletter": False}}
print(json.dumps([ResponseFactory(draft=True, answers=answers).pk, known.slug]))
"""
COPY = """
INSERT INTO selfscan_response SELECT made.* FROM selfscan_response original, LATERAL jsonb_populate_record(
    NULL::selfscan_response,
    to_jsonb(original) || jsonb_build_object(
        'id', nextval(pg_get_serial_sequence('selfscan_response', 'id')),
        'token', %s::text,
        'answers', original.answers || jsonb_build_object('org_name', %s::text, 'contact_email', %s::text))
) made WHERE original.id = %s RETURNING id
"""
# What there is of one scan: once each when it is whole, nothing at all before it is sent.
PARTS = """
SELECT state = 'completed', version::text,
    (SELECT count(*) FROM members_collective WHERE contact_email = answers->>'contact_email'),
    (SELECT count(*) FROM members_statechange WHERE collective_id = scan.collective_id),
    (SELECT count(*) FROM common_promise WHERE task = 'selfscan.publish_response' AND target = scan.id),
    (SELECT count(*) FROM members_mappin WHERE collective_id = scan.collective_id),
    (SELECT count(*) FROM members_workitem WHERE kind = 'scan' AND target_id = scan.id),
    (SELECT count(*) FROM members_collectiveprofile WHERE collective_id = scan.collective_id),
    (SELECT count(*) FROM common_sentmail WHERE key LIKE 'selfscan.report_ready:' || scan.id || ':%%')
FROM selfscan_response scan WHERE id = %s
"""


@dataclass(frozen=True)
class Scan:
    """A scan in the database, with an address of its own by which its mails are counted."""

    pk: int
    token: str
    email: str

    def path(self, part=""):
        return f"/zelfscan/{self.token}/{part}"


class Visitor:
    """A browser without a window: it keeps cookies and sends the forms that it was shown."""

    def __init__(self, platform):
        self.platform, self.session, self.slowest = platform, requests.Session(), 0.0

    def ask(self, method, path, **extra):
        started = time.monotonic()
        answer = self.session.request(
            method, self.platform.url(path), timeout=30, allow_redirects=False, **extra
        )
        self.slowest = max(self.slowest, time.monotonic() - started)
        return answer

    def get(self, path):
        return self.ask("GET", path)

    def form(self, path, has):
        """The form of this page that has a field (or a value of one) with this name."""
        parser = _Forms()
        parser.feed(self.get(path).text)
        forms = map(Form, parser.forms)
        return next(form for form in forms if has in form.fields or [has] in form.data.values())

    def fill(self, path, **fields):
        """Fill in the page's form and send it; where to, when it was taken."""
        form = self.form(path, next(iter(fields)))
        sent = self.ask("POST", form.action or path, data=form.data | fields)
        return sent.headers.get("Location", "") if sent.status_code == 302 else ""

    def sign_in(self, email):
        """With the password, and the code of the second factor where it is asked; True once it worked."""
        where = self.fill("/account/login/", login=email, password=PASSWORD)
        if "2fa" not in where:
            return bool(where)
        for counter in yield_hotp_counters_from_time():
            code = format_hotp_value(hotp_value(SECRET, counter))
            if self.fill(where, code=code):
                return True
        return False


class Scans:
    """Drafts to send, on one platform."""

    def __init__(self, platform):
        self.platform, self.number = platform, 0
        self.original, self.known = json.loads(platform.manage("shell", "-v", "0", "-c", SET_UP))
        self.secret = ""

    def drafts(self, times):
        """So many scans with every answer, not sent yet."""
        made = []
        for _ in range(times):
            self.number += 1
            token, email = secrets.token_urlsafe(24), f"scan{self.number}@fault.example"
            name = f"Collectief {self.number} van de proef"
            made.append(Scan(self.platform.one(COPY, token, name, email, self.original), token, email))
        return made

    def read_check_page(self, scan):
        """What a browser has before it can send: the page, and in it its secret."""
        answer = requests.get(self.platform.url(scan.path("controle/")), timeout=30)
        self.secret = answer.cookies["csrftoken"]
        assert "csrfmiddlewaretoken" in answer.text

    def send(self, scan):
        """Send the check page's form; the answer is 302 only when the scan was taken."""
        if not self.secret:
            self.read_check_page(scan)
        started = time.monotonic()
        try:
            answer = requests.post(
                self.platform.url(scan.path("controle/")),
                data={"csrfmiddlewaretoken": self.secret},
                cookies={"csrftoken": self.secret},
                allow_redirects=False,
                timeout=60,
            )
        except requests.RequestException as error:
            return Answer(599, time.monotonic() - started, None, repr(error))
        taken = answer.status_code == 302 and answer.headers["Location"] == scan.path("klaar/")
        status = answer.status_code if taken or answer.status_code >= 400 else 200
        return Answer(status, time.monotonic() - started, scan.pk if taken else None)

    # Looking.

    def builds(self, attempt=1):
        """The reports that are being built right now for the first (second ...) time: process by scan."""
        return dict(
            self.platform.sql(
                "SELECT target, split_part(leased_by, '|', 2)::int FROM common_promise WHERE state = 'open' "
                "AND task = 'selfscan.build_report' AND leased_until > now() AND attempts = %s",
                attempt,
            )
        )

    def attempts(self, scans):
        """How often the report of each was begun."""
        return [
            self.platform.one(
                "SELECT attempts FROM common_promise WHERE task = 'selfscan.build_report' AND target = %s",
                scan.pk,
            )
            for scan in scans
        ]

    def files(self, scan):
        """Everything that stands in this scan's folder of the private store, half files too."""
        return list((self.platform.data / "private" / "reports" / str(scan.pk)).glob("*"))

    def whole_or_not(self, scan):
        """True: sent, with all that belongs to it; False: not sent, and nothing of it; None: something between."""
        sent, _version, collectives, changes, promises, *_rest = self.platform.sql(PARTS, scan.pk)[0]
        return {(True, 1, 1, 1): True, (False, 0, 0, 0): False}.get((sent, collectives, changes, promises))

    def faults(self, scans):
        """What is missing, double or half of what must be built from each, once all is idle; empty when all is well."""
        mails = Counter(
            re.search(rb"^To: (.*?)\r?$", mail.read_bytes(), re.MULTILINE)[1].decode()
            for mail in self.platform.mails()
        )
        return [
            fault for scan in scans if (fault := self._faults_of(scan, mails[scan.email])) != f"{scan.pk}:"
        ]

    def _faults_of(self, scan, mails):
        sent, version, *numbers = self.platform.sql(PARTS, scan.pk)[0]
        names = ["collective", "state", "promise", "pin", "work", "page", "mail row"]
        found = dict(zip(names, numbers, strict=True)) | {"sent": sent, "mail": mails}
        reports = self.platform.sql(
            "SELECT file, size, sha256, version FROM selfscan_report WHERE response_id = %s", scan.pk
        )
        found |= {"report": len(reports), "file": len(self.files(scan))}
        for name, size, sha256, of in reports:
            pdf = (self.platform.data / "private" / name).read_bytes()
            found["whole PDF"] = pdf.startswith(b"%PDF") and pdf.rstrip().endswith(b"%%EOF")
            found["its size"] = (len(pdf), hashlib.sha256(pdf).hexdigest()) == (size, sha256)
            found["its version"] = of.startswith(f"{version}-")
        return f"{scan.pk}:" + "".join(f" {times} {name}" for name, times in found.items() if times != 1)
