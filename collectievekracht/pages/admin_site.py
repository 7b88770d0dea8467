"""The admin's front: the work queue, behind a second factor."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import update_wrapper
from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from collectievekracht.pages import handbook, second_factor

View = Callable[..., HttpResponse]
# Models of libraries that are shown with the person they belong to, or not used at all.
NOT_SHOWN = frozenset(
    {
        "auth.group",
        "account.emailaddress",
        "mfa.authenticator",
        "usersessions.usersession",
        "socialaccount.socialaccount",
        "socialaccount.socialapp",
        "socialaccount.socialtoken",
    }
)
APPS = ("members", "selfscan", "pages", "labs", "newsletter", "common")


class PlatformAdminSite(admin.AdminSite):
    """Django admin with the team's work queue on its front page.

    A platform admin enters with a second factor only; one without is told how to set it up. Whoever is signed in
    and no admin finds nothing here, and a visitor is asked to sign in, whether or not the address exists.
    """

    site_header = _("CollectieveKracht admin")
    site_title = _("CollectieveKracht admin")
    index_title = _("Work queue")
    index_template = "admin/work_queue.html"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether this is a platform admin who showed a second factor."""
        return second_factor.may_enter(request)

    def admin_view(self, view: View, cacheable: bool = False) -> View:  # type: ignore[override]
        """The view behind the door: sign-in, "not found" or the way to a second factor for who may not enter."""

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            leaving = second_factor.on_the_team(request) and request.path == reverse("admin:logout")
            if leaving or self.has_permission(request):
                return view(request, *args, **kwargs)
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), reverse("account_login"))
            self._only_admins(request)
            return redirect("admin:second_factor")

        guarded: View = inner if cacheable else never_cache(inner)
        return update_wrapper(csrf_protect(guarded), view)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        from collectievekracht.pages import work_queue  # noqa: PLC0415 -- models are loaded by now

        own = [
            path("tweede-stap/", never_cache(self.second_factor), name="second_factor"),
            path("werk/goedkeuren/", self._act(work_queue.approve_chosen), name="work_approve"),
            path("werk/<int:pk>/nemen/", self._act(work_queue.claim), name="work_claim"),
            path("werk/volgende/", self.admin_view(work_queue.next_item), name="work_next"),
            path("hulp/", self.admin_view(self.handbook), name="handbook"),
        ]
        return [*own, *super().get_urls()]

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """As usual, but for the models of libraries that don't belong on the list."""
        models = model_or_iterable if isinstance(model_or_iterable, Iterable) else [model_or_iterable]
        shown = [model for model in models if model._meta.label_lower not in NOT_SHOWN]
        super().register(shown, admin_class, **options)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """What can be edited: our own subjects first, the machinery last.

        Every page asks twice. It is made once for a page, and once for all pages of who may do everything: what an
        admin class allows then depends on nothing else of the request.
        """
        everything = vars(self).setdefault("app_lists", {})
        kept = everything if request.user.is_superuser else vars(request).setdefault("app_lists", {})
        wanted = (app_label, get_language())
        if wanted not in kept:
            found = super().get_app_list(request, app_label)
            order = {label: number for number, label in enumerate(APPS)}
            kept[wanted] = sorted(found, key=lambda app: order.get(app["app_label"], len(APPS)))
        listed: list[Any] = kept[wanted]
        return listed

    def _act(self, view: View) -> View:
        return self.admin_view(require_POST(view))

    def _only_admins(self, request: HttpRequest) -> None:
        if not second_factor.on_the_team(request):
            raise Http404

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The work queue, with the list of what can be edited below it."""
        from collectievekracht.pages import work_queue  # noqa: PLC0415 -- models are loaded by now

        return super().index(request, {**work_queue.context(request), **(extra_context or {})})

    def handbook(self, request: HttpRequest) -> HttpResponse:
        """The handbook of the team."""
        context = {"handbook": handbook.handbook(), "has_permission": True}
        return TemplateResponse(request, "admin/handbook.html", context)

    def second_factor(self, request: HttpRequest) -> HttpResponse:
        """Tells an admin without a second factor, or who didn't show it, what to do."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("account_login"))
        self._only_admins(request)
        if self.has_permission(request):
            return redirect("admin:index")
        context = {"has_factor": second_factor.has_factor(request), "title": _("One more step to sign in")}
        return TemplateResponse(request, "admin/second_factor.html", context)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Sign in through allauth, with its limits and its second factor; never through the admin's own form."""
        if not request.user.is_authenticated:
            return secure_admin_login(self.index)(request)
        self._only_admins(request)
        return redirect("admin:index")

    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Sign out, and go home."""
        if request.method != "POST":
            return redirect("account_logout")
        logout(request)
        return HttpResponseRedirect(reverse("pages:home"))

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Passwords are changed in one place."""
        return redirect("account_change_password")
