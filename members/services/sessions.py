"""Somebody's sessions: which there are, and how they end."""

from __future__ import annotations

from importlib import import_module

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from members.models import User


@transaction.atomic
def end_all_sessions(user: User) -> None:
    """Every session of the person is over at its next request, also one that no list knows."""
    User.objects.filter(pk=user.pk).update(session_round=F("session_round") + 1)
    user.refresh_from_db(fields=["session_round"])
    UserSession.objects.filter(user_id=user.pk).delete()


@transaction.atomic
def end_other_sessions(request: HttpRequest, user: User) -> None:
    """Every session of the person but this one is over at its next request."""
    end_all_sessions(user)
    update_session_auth_hash(request, user)
    UserSession.objects.create_from_request(request)


@transaction.atomic
def end_session(user: User, pk: int) -> bool:
    """End this one session of the person; False if there is none."""
    found = UserSession.objects.filter(user_id=user.pk, pk=pk).first()
    if found is None:
        return False
    found.end()
    return True


def own_sessions(request: HttpRequest, user: User) -> list[UserSession]:
    """The person's sessions that still work, the newest first."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    living = UserSession.objects.filter(Exists(_living()), user_id=user.pk)
    shown = list(living.order_by("-created_at", "-pk"))
    rows = Session.objects.in_bulk([session.session_key for session in shown])
    hash_now = user.get_session_auth_hash()
    alive = []
    for session in shown:
        row = rows.get(session.session_key)
        known = store().decode(row.session_data).get("_auth_user_hash") if row else None
        if known == hash_now or session.session_key == request.session.session_key:
            alive.append(session)
    return alive


def forget_ended_sessions() -> None:
    """Throw away sessions that are over, with the address and browser that were written down with them."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    UserSession.objects.exclude(Exists(_living())).delete()


def _living() -> QuerySet[Session]:
    return Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=timezone.now())
