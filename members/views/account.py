"""Somebody's own account: what there is, their sessions, and the way through SURFconext."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from allauth.core.ratelimit import respond_429
from allauth.socialaccount import views as by_allauth
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from requests import RequestException

from collectievekracht.common import limits
from members import surfconext
from members.browsers import browser_of
from members.services import accounts
from members.services import sessions as service

View = Callable[..., Any]
PROCESSES = ("login", "connect")
ASKS_OF_ONE = (60, 600)  # from one address in so many seconds: each asks SURFconext something


@never_cache
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """One page with every way into the account and what can be changed."""
    user: Any = request.user
    context = {
        "ways": accounts.ways_in(user),
        "session_count": len(service.own_sessions(request, user)),
        "surfconext_given": surfconext.is_given(),
    }
    return render(request, "account/home.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """Where the person is signed in; one of these or all others can be ended."""
    user: Any = request.user
    if request.method == "POST":
        if chosen := request.POST.get("session", ""):
            if not chosen.isdecimal() or not service.end_session(user, int(chosen[:18])):
                raise Http404
            messages.success(request, _("That session was ended."))
        else:
            service.end_other_sessions(request, user)
            messages.success(request, _("You are signed out everywhere else."))
        return redirect("usersessions_list")
    shown = [
        {
            "pk": session.pk,
            "since": session.created_at,
            "ip": session.ip,
            "browser": browser_of(session.user_agent),
            "is_this": session.session_key == request.session.session_key,
        }
        for session in service.own_sessions(request, user)
    ]
    return render(request, "usersessions/usersession_list.html", {"sessions": shown})


def when_given(view: View) -> View:
    """The view, which isn't there as long as SURFconext is not set up."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not surfconext.is_given() or kwargs.get("provider_id", surfconext.PROVIDER) != surfconext.PROVIDER:
            raise Http404
        return view(request, *args, **kwargs)

    return never_cache(inner)


connections = when_given(by_allauth.connections)
surfconext_signup = when_given(by_allauth.signup)
surfconext_cancelled = when_given(by_allauth.login_cancelled)
surfconext_error = when_given(by_allauth.login_error)


@when_given
def surfconext_login(request: HttpRequest, provider_id: str) -> Any:
    """Ask first (GET), then lead on to SURFconext (POST).

    By a page and not by a redirect: the policy lets a form lead to this site only, and SURFconext leads on to whatever
    institution the visitor chooses. Nothing in the address but where to go afterwards is passed on.
    """
    wanted = QueryDict(mutable=True)
    wanted.update({name: request.GET[name] for name in ("next", "process") if name in request.GET})
    if request.POST.get("process", wanted.get("process", "login")) not in PROCESSES:
        raise Http404
    request.GET = wanted  # type: ignore[assignment]
    if request.method == "POST" and not limits.hit("surfconext", limits.client_ip(request), *ASKS_OF_ONE):
        return respond_429(request)
    try:
        answer = openid_connect.login(request, provider_id=provider_id)
    except (RequestException, KeyError, ValueError) as error:
        return _failed(request, error)
    away = answer.headers.get("Location", "")
    if answer.status_code == 302 and urlsplit(away).netloc:
        return render(request, "socialaccount/going.html", {"address": away})
    return answer


@when_given
def surfconext_answer(request: HttpRequest, provider_id: str) -> Any:
    """What SURFconext sends the visitor back with; an answer that isn't whole is a failed sign-in."""
    try:
        return openid_connect.callback(request, provider_id=provider_id)
    except (KeyError, ValueError, ImproperlyConfigured) as error:
        return _failed(request, error)


def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    provider = get_adapter().get_provider(request, surfconext.PROVIDER)
    return render_authentication_error(request, provider, exception=error)
