"""The page on which an admin decides about a report of abuse."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collectievekracht.common import audit
from members.choices import Decision, WorkKind
from members.models import AbuseReport, Collective, User
from members.review import decide, mailed_text, work_context, work_on
from members.services.abuse import decide_abuse


class AnswerForm(forms.Form):
    """What was found and done; mailed as it stands."""

    answer = mailed_text(
        gettext_lazy("Answer"), gettext_lazy("Write down the answer: it stands in the mail.")
    )
    decision = forms.ChoiceField(
        label=gettext_lazy("What do you decide?"),
        choices=[
            (Decision.APPROVED, gettext_lazy("Something was wrong, and we did something about it")),
            (Decision.REFUSED, gettext_lazy("Nothing was wrong")),
        ],
        widget=forms.RadioSelect,
    )
    field_order = ("decision", "answer")


def review_abuse(request: HttpRequest, pk: int) -> HttpResponse:
    """What was reported, by whom, and the decision; looking at who reported is written down."""
    report = get_object_or_404(AbuseReport.objects.select_related("reporter"), pk=pk)
    item = work_on(WorkKind.ABUSE, pk)
    by: User = request.user  # type: ignore[assignment]
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        acted, answer = form.cleaned_data["decision"] == Decision.APPROVED, form.cleaned_data["answer"]
        return decide(
            request,
            lambda: decide_abuse(report, by, acted=acted, answer=answer),
            item=item,
            name=report.address,
            done=_("The report on %(name)s is closed."),
        )
    audit.record(by.pk, "abuse.seen", report)
    collective = (
        Collective.objects.filter(pk=report.target_id).first() if report.about == "collective" else None
    )
    context = {
        "report": report,
        "collective": collective,
        "form": form,
        "others": AbuseReport.objects.filter(about=report.about, target_id=report.target_id)
        .exclude(pk=pk)
        .exclude(target_id=0)
        .order_by("-pk")[:10],
    }
    return render(request, "admin/review_abuse.html", context | work_context(request, item))
