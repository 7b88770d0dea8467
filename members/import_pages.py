"""The admin's pages of an import: bring a file, see what would become of each row, bring it in, undo it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from collectievekracht.common import audit
from collectievekracht.common.safe_csv import csv_response
from collectievekracht.common.templatetags.ui_formats import number
from members.choices import ImportOutcome, ImportState
from members.import_columns import COLUMNS
from members.import_files import report_lines, template_csv, template_xlsx
from members.import_problems import FileProblem, Problem
from members.models import ImportBatch, ImportLine, User
from members.services.import_undo import UNDO_WITHIN, may_undo, undo_batch
from members.services.imports import MOST_BYTES_ON_SITE, apply_batch, check_file, discard_batch

ON_A_PAGE = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ImportForm(forms.Form):
    """A file, and whether its texts wait for a decision one by one."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV or XLSX, with the names of the template in the first row. 5 MB and 2,000 rows at most."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("This file is empty."),
            "invalid": gettext_lazy("Choose a file."),
            "missing": gettext_lazy("Choose a file."),
        },
    )
    texts_wait = forms.BooleanField(
        label=gettext_lazy("Let every text wait in the work queue"),
        help_text=gettext_lazy(
            "Otherwise you decide now: pages with consent are public once you bring the file in."
        ),
        required=False,
    )

    def clean_file(self) -> Any:
        """Not larger than can be read at once."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES_ON_SITE:
            raise forms.ValidationError(_("This file is too large: 5 MB is the most here."))
        return file


def new_import(request: HttpRequest) -> HttpResponse:
    """Choose a file; it is looked at, and nothing is brought in yet."""
    form = (
        ImportForm(request.POST or None, request.FILES or None) if request.method == "POST" else ImportForm()
    )
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        by: User = request.user  # type: ignore[assignment]
        try:
            batch = check_file(file.read(), name=file.name, by=by, texts_wait=form.cleaned_data["texts_wait"])
        except FileProblem as problem:
            form.add_error("file", str(problem))
        else:
            return redirect("admin:import_overview", batch.pk)
    context = {
        "form": form,
        "columns": (_("Column"), _("Needed"), _("What belongs in it")),
        "rows": [(column.heading, _("yes") if column.required else "", column.help) for column in COLUMNS],
        "has_permission": True,
    }
    return render(request, "admin/import_new.html", context)


def template_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The empty file to fill in."""
    content = template_xlsx() if kind == "xlsx" else template_csv()
    name = _("collectives-template")
    return HttpResponse(
        content,
        content_type=XLSX if kind == "xlsx" else "text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.{kind}"'},
    )


def _batch(pk: int) -> ImportBatch:
    return get_object_or_404(ImportBatch.objects.defer("content").select_related("made_by"), pk=pk)


def _remarks(line: ImportLine) -> str:
    return " ".join(str(Problem.from_json(problem)) for problem in line.problems)


def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """One import: how many rows of each kind, and every row with its remarks; what needs a look stands first."""
    batch = _batch(pk)
    shown = request.GET.get("toon", "")
    lines = batch.lines.select_related("collective").order_by("number")
    if shown in ImportOutcome.values:
        lines = lines.filter(outcome=shown)
    elif shown == "opmerkingen":
        lines = lines.exclude(problems=[])
    page = Paginator(lines, ON_A_PAGE).get_page(request.GET.get("pagina"))
    context = {
        "batch": batch,
        "is_checked": batch.state == ImportState.CHECKED,
        "may_undo": may_undo(batch, timezone.now()),
        "undo_until": batch.applied_at + UNDO_WITHIN if batch.applied_at else None,
        "figures": [
            (number(batch.counts.get(one, 0)), one.label) for one in ImportOutcome if one in batch.counts
        ],
        "filters": _filters(batch, shown),
        "page": page,
        "columns": (_("Row"), _("Collective"), _("Result"), _("Remarks")),
        "rows": [
            (line.number, _linked(line), line.get_outcome_display(), _remarks(line) or "–") for line in page
        ],
        "has_permission": True,
    }
    return render(request, "admin/import_overview.html", context)


def _linked(line: ImportLine) -> str:
    if line.collective is None:
        return line.name or "–"
    address = reverse("admin:members_collective_change", args=[line.collective.pk])
    return format_html('<a href="{}">{}</a>', address, line.name or line.collective.name)


def _filters(batch: ImportBatch, shown: str) -> list[tuple[str, Any, bool]]:
    choices: list[tuple[str, Any]] = [("", _("All rows")), ("opmerkingen", _("With a remark"))]
    choices += [(one.value, one.label) for one in ImportOutcome if one in batch.counts]
    return [(f"?toon={code}" if code else "?", label, code == shown) for code, label in choices]


def bring_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring in the file that was looked at."""
    try:
        done = apply_batch(_batch(pk), request.user)  # type: ignore[arg-type]
    except FileProblem as problem:
        messages.error(request, str(problem))
    else:
        if done:
            messages.success(request, _("The file was brought in. Nobody got a mail."))
        else:
            messages.warning(request, _("This file was brought in already."))
    return redirect("admin:import_overview", pk)


def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw away a file that was looked at only."""
    if discard_batch(_batch(pk)):
        messages.success(request, _("The file was thrown away. Nothing was brought in."))
        return redirect("admin:members_importbatch_changelist")
    messages.warning(request, _("This file was brought in already."))
    return redirect("admin:import_overview", pk)


def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo it, as far as nobody touched what it did."""
    batch = _batch(pk)
    if undo_batch(batch, request.user):  # type: ignore[arg-type]
        left = batch.counts.get(ImportOutcome.LEFT, 0)
        messages.success(request, _("The import was undone."))
        if left:
            words = ngettext(
                "%(n)s row was left as it is: see its remark.",
                "%(n)s rows were left as they are: see their remarks.",
                left,
            )
            messages.warning(request, words % {"n": left})
    else:
        messages.warning(request, _("This import can't be undone any more."))
    return redirect("admin:import_overview", pk)


def report(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Every row with its result and remarks, as a file."""
    batch = _batch(pk)

    def lines() -> Iterator[tuple[int, str, str, str]]:
        for line in batch.lines.order_by("number").iterator(chunk_size=500):
            yield line.number, line.name, str(line.get_outcome_display()), _remarks(line)

    audit.record(request.user.pk, "import.downloaded", batch)
    return csv_response(f"import-{batch.pk}.csv", report_lines(lines()))
