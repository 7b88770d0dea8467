"""Sending a form, and what may be wrong with the answer."""

from django.db import transaction

from members import vocabulary
from selfscan.answers import write_fields
from selfscan.models import Response
from selfscan.paging import pages
from selfscan.services import definition_of, draft_answers
from tests.factories.selfscan import ResponseFactory
from tests.security.kinds import TRACES, encoded, plain
from tests.security.surface import FORM
from tests.selfscan.forms import forms_of, scan_form


class Undone:
    """Whatever is done inside never happened."""

    def __enter__(self):
        self.block = transaction.atomic()
        self.block.__enter__()

    def __exit__(self, *error):
        transaction.set_rollback(True)
        self.block.__exit__(*error)
        vocabulary.forget()


def broken(response):
    """What is wrong with an answer, whatever was asked; empty when nothing is."""
    if response.status_code >= 500:
        return f"status {response.status_code}"
    if response.streaming or not response.headers.get("Content-Type", "").startswith(
        ("text", "application/json")
    ):
        return ""
    found = TRACES.search(response.content.decode("utf-8", "replace"))
    return f"body: {found[0][:80]}" if found else ""


def differs(surface, world, people, response):
    """Fields whose saved value is not the value that is shown."""
    if not surface.stored or response.status_code != 302:
        return []
    shown = surface.shown(world, people)
    return [name for name, value in surface.stored(world).items() if plain(str(value)) not in shown]


# Never shown again, or nothing that a person types.
NOT_KEPT = {"password", "password1", "password2", "oldpassword", "code", "credential", "form_key", "website", "next",
            "werk", "step", "decision", "usable_password", "action_add", "remember", "groups", "activity",
            "language", "subject", "kind", "group", "List-Unsubscribe", "file", "texts_wait",
            "languages", "topics", "see_name", "photo", "act"}  # fmt: skip


def lost(surface, response, name, typed):
    """Whether a refused form no longer holds what was typed."""
    if response.status_code != 200 or surface.method == "get" or name in NOT_KEPT:
        return False
    kept = [value for form in forms_of(response) for value in form.data.get(name, ())]
    return not any(plain(typed) == plain(value) for value in kept)


def scan_pages(definition):
    """Every page of a scan with all follow-up questions, as (scan, path)."""
    scan = ResponseFactory(draft=True, code="example_care")
    for section in definition.sections:
        for number in range(1, len(pages(definition, section, scan.answers)) + 1):
            yield scan, f"/zelfscan/{scan.token}/{section.code}/{number}/"


def fill_page(client, scan, path, typed_in):
    """Send the page's form with what `typed_in` makes of its fields; the fields, and where it shows what isn't saved."""
    form = scan_form(client.get(path))
    kept = {name: form.data[name] for name in ("version", "seen", "shown")}
    response = client.generic("POST", path, encoded(typed_in(sorted(form.shown)) | kept), content_type=FORM)
    found = [broken(response)]
    again = client.get(path)
    if again.status_code != 200:
        return form.shown, [*found, f"then status {again.status_code}"]
    shown = scan_form(again).data
    row = Response.objects.get(pk=scan.pk)
    stored = draft_answers(row)
    definition = definition_of(scan.instrument)
    for code in kept["shown"][0].split():
        for name, value in write_fields(definition, definition.question(code), stored).items():
            # Of a choice that doesn't exist the page can show nothing; it says so, and nothing of it is an answer.
            if name not in form.shown or (
                form.fields[name] in ("radio", "checkbox") and code not in row.answers
            ):
                continue
            saved = [
                str(one)
                for one in (value if isinstance(value, list | tuple) else [value])
                if one not in (None, "")
            ]
            if sorted(map(plain, saved)) != sorted(plain(one) for one in shown.get(name, []) if one):
                found.append(f"{name}: saved {saved!r:.80}, shown {shown.get(name)!r:.80}")
    return form.shown, [one for one in found if one]
