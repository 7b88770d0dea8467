"""Before a scan: what it is, beginning one, going on with one, and whether the collective is here already."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.models import AnonymousUser
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from collectievekracht.common import form_keys, limits
from collectievekracht.common.storage import private_storage
from members.gazetteer import gazetteer
from members.models import Collective
from members.text import sort_key
from selfscan.forms import FindForm, LinkForm, place_choice
from selfscan.instrument import text
from selfscan.models import Instrument
from selfscan.services import begin_response, current_instrument, definition_of, mail_links_of
from selfscan.services.booklets import questionnaire_file
from selfscan.views.pages import language_of

MOST_FOUND = 20
MOST_PLACES = 8


View = Callable[..., HttpResponseBase]


def needs_instrument(view: View) -> View:
    """Before any questionnaire was loaded there is nothing to begin: say so, instead of failing."""

    @wraps(view)
    def inner(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Instrument.DoesNotExist:
            return render(request, "selfscan/closed.html", status=503)

    return inner


@require_http_methods(["GET", "HEAD", "POST"])
@needs_instrument
def start(request: HttpRequest) -> HttpResponse:
    """What the scan asks and gives back; a post begins one, and the same form again leads to the same one."""
    problem = ""
    if request.method == "POST":
        if limits.hit("selfscan.begin", limits.client_ip(request), 1_000, 600):
            language = language_of(request)
            address = form_keys.run_once(
                request.POST.get(form_keys.NAME),
                lambda: begin_response(language).token,
                scope="selfscan.begin",
            )
            return HttpResponseRedirect(reverse("selfscan:overview", args=[address]))
        problem = _("Many scans were begun from here just now. Please wait a little and try again.")
    return _start(request, problem=problem, status=429 if problem else 200)


def _start(
    request: HttpRequest, *, resume: LinkForm | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    definition = definition_of(current_instrument())
    language = language_of(request)
    least, most = definition.instrument.duration.promise_minutes
    context = {
        "audience": text(definition.instrument.audience, language),
        "intro": text(definition.instrument.intro, language),
        "sections": [text(section.title, language) for section in definition.sections],
        "questions": len(definition.questions),
        "total": len(definition.sections),
        "least": least,
        "most": most,
        "form_key": form_keys.new(),
        "resume": resume or LinkForm(),
        "find": FindForm(),
        "problem": problem,
        "has_errors": bool(problem) or bool(resume and resume.errors),
    }
    return render(request, "selfscan/start.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest) -> HttpResponse:
    """Mail the links of the scans kept under an address; the answer never tells whether there are any."""
    if request.method != "POST":
        return render(
            request, "selfscan/resume.html", {"form": LinkForm(), "sent": "verstuurd" in request.GET}
        )
    form = LinkForm(request.POST)
    if not form.is_valid():
        return render(request, "selfscan/resume.html", {"form": form})
    email = form.cleaned_data["email"]
    if not limits.hit("selfscan.resume.ip", limits.client_ip(request), 20, 3600):
        form.add_error(None, _("You asked for this many times. Please wait an hour."))
        return render(request, "selfscan/resume.html", {"form": form}, status=429)
    if limits.hit("selfscan.resume", email.lower(), 5, 3600):
        mail_links_of(email)
    return HttpResponseRedirect(f"{reverse('selfscan:resume')}?verstuurd")


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Is your collective here already? Only collectives with a public page are found."""
    form = FindForm(request.GET if "q" in request.GET else None)
    name = form.cleaned_data["q"] if form.is_valid() else ""
    found: list[Collective] = []
    if key := sort_key(name):
        public = Collective.objects.visible_to(AnonymousUser())
        for word in key.split()[:8]:
            public = public.filter(sort_name__contains=word)
        found = list(public.select_related("published_profile").order_by("sort_name", "pk")[: MOST_FOUND + 1])
    context = {
        "form": form,
        "name": name,
        "found": found[:MOST_FOUND],
        "more": len(found) > MOST_FOUND,
        "asked": "q" in request.GET,
        "form_key": form_keys.new(),
    }
    return render(request, "selfscan/find.html", context)


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """The places that a typed name may become, as choices to put below the field."""
    typed, country = request.GET.get("q", "")[:120], request.GET.get("land", "")
    found = gazetteer.search(typed, country if country in ("nl", "be_vlg") else "", MOST_PLACES)
    answer = render(
        request,
        "selfscan/places.html",
        {"field": place_choice(found) if found else None, "count": len(found)},
    )
    answer["Cache-Control"] = "public, max-age=3600"
    return answer


@require_safe
@needs_instrument
def questionnaire(request: HttpRequest) -> FileResponse:
    """The whole questionnaire, to read beforehand and discuss with the board."""
    instrument, language = current_instrument(), language_of(request)
    file = private_storage.open(questionnaire_file(instrument, language), "rb")
    name = (
        f"vragenlijst-{instrument.version}.pdf"
        if language == "nl"
        else f"questionnaire-{instrument.version}.pdf"
    )
    answer = FileResponse(file, content_type="application/pdf", filename=name)
    answer["Cache-Control"] = "public, max-age=3600"
    return answer
