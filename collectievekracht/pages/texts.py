"""The team's texts: found to be shown, loaded the first time, changed with a history and seen at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from collectievekracht.common.page_cache import let_go
from collectievekracht.pages import choices, starter
from collectievekracht.pages.models import FaqEntry, Page
from collectievekracht.pages.reading import Answered, Group, Reading, readable

GROUP = "texts"  # of kept pages
QUESTIONS = "veelgestelde-vragen"  # the code of the page that the questions stand on
STARTER = "starter text"  # the reason in the history of a text that nobody changed yet


def find(code: str) -> Page | None:
    """The page with this code: the team's, or else the text that the platform starts with (which isn't saved)."""
    page = Page.objects.published().filter(code=code).first()
    if page is None and code in starter.pages():
        page = Page(code=code, **starter.pages()[code])
    return page


def read(page: Page) -> Reading:
    """The page as it is shown in the current language."""
    html, parts = readable(page.body)
    return Reading(page.code, page.title, page.summary, html, parts, page.changed_at)


def questions() -> list[FaqEntry]:
    """What stands on the page of questions: the team's, or else those that the platform starts with."""
    if FaqEntry.objects.exists():
        return list(FaqEntry.objects.published())
    return [FaqEntry(code=code, **fields) for code, fields in starter.questions().items()]


def by_group(entries: Iterable[FaqEntry]) -> list[Group]:
    """The questions in their parts, in the current language; a part without questions is left out."""
    groups = {code: Group(code, str(label)) for code, label in choices.FaqGroup.choices}
    for entry in entries:
        html, _parts = readable(entry.answer)
        group = groups.setdefault(entry.group, Group(entry.group, _("Other questions")))
        group.answers.append(Answered(entry.code, entry.question, html))
    return [group for group in groups.values() if group.answers]


def was_changed() -> None:
    """Show what was saved or deleted to everybody, as soon as the transaction stands."""
    let_go(GROUP)


@transaction.atomic
def load_starter() -> dict[str, int]:
    """Load the texts that the platform starts with; what the team changed, or threw away, stays as it is.

    A text that nobody touched since it was loaded follows the newer one of a new release. Returns how many were
    made, renewed and left alone.
    """
    done = {"made": 0, "renewed": 0, "left": 0}
    for model, texts in ((Page, starter.pages()), (FaqEntry, starter.questions())):
        rows = {row.code: row for row in model._default_manager.select_for_update()}
        for code, fields in texts.items():
            done[_load(model, code, fields, rows.get(code))] += 1
    if done["made"] or done["renewed"]:
        was_changed()
    return done


def _load(model: type[Any], code: str, fields: dict[str, Any], row: Any) -> str:
    last = model.history.filter(code=code).order_by("-history_id").first()
    if last is not None and (row is None or last.history_change_reason != STARTER):
        return "left"
    if row is None:
        row = model(code=code)
    fresh = row.pk is None
    if not fresh and last is None:  # made without a history: whoever did that meant it
        return "left"
    before = {name: getattr(row, name) for name in fields}
    for name, value in fields.items():
        setattr(row, name, _as_saved(model, name, value))
    if not fresh and before == {name: getattr(row, name) for name in fields}:
        return "left"
    row._change_reason = STARTER
    row.save()
    return "made" if fresh else "renewed"


def _as_saved(model: type[models.Model], name: str, value: Any) -> Any:
    """The value as the column will hold it, so that the same text isn't taken for another one."""
    column: Any = model._meta.get_field(name)
    return column.get_prep_value(value)
