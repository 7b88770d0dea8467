"""A person's own profile, and how others see it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collectievekracht.common import limits, storage
from collectievekracht.common.uploads import was_too_large
from members.forms.persons import PhotoForm, ProfileForm
from members.models import PersonalProfile
from members.personal_page import personal_page, reads
from members.photos import PhotoProblem, clean_photo, too_large
from members.services import persons

PHOTOS_AN_HOUR = 20


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def my_profile(request: HttpRequest) -> HttpResponse:
    """What I tell of myself, and who may see it."""
    profile = _mine(request)
    user: Any = request.user
    form = ProfileForm(request.POST or None, user=user, profile=profile)
    if request.method == "POST" and form.is_valid():
        persons.save_profile(user, form.cleaned_data, form.audiences)
        messages.success(request, _("Your profile is saved."))
        return redirect("members:my_profile")
    return _page(request, profile, form, PhotoForm())


@require_POST
@never_cache
@login_required
def my_photo(request: HttpRequest) -> HttpResponse:
    """Put a photo in my profile, or take it away."""
    user: Any = request.user
    if request.POST.get("act") == "remove":
        persons.remove_photo(user)
        messages.success(request, _("Your photo is gone."))
        return redirect("members:my_profile")
    photo = PhotoForm(request.POST, request.FILES)
    status = 200
    if was_too_large(request):
        photo.errors.clear()
        photo.add_error("photo", too_large())
    elif photo.is_valid():
        sent = photo.cleaned_data["photo"]
        try:
            if not limits.hit("photos", str(user.pk), PHOTOS_AN_HOUR, 3600):
                status = 429
                raise PhotoProblem(_("You have sent many photos in a short time. Try again in an hour."))
            persons.set_photo(user, clean_photo(sent, sent.size))
        except PhotoProblem as problem:
            photo.add_error("photo", str(problem))
        else:
            messages.success(request, _("Your photo is saved."))
            return redirect("members:my_profile")
    profile = _mine(request)
    return _page(request, profile, ProfileForm(user=user, profile=profile), photo, status)


def _mine(request: HttpRequest) -> PersonalProfile:
    """My profile, or an empty one that isn't kept: looking writes nothing."""
    mine = (
        PersonalProfile.objects.visible_to(request.user)
        .filter(user=request.user.pk)
        .select_related("user")
        .first()
    )
    return mine or PersonalProfile(user=request.user)  # type: ignore[misc]


def _page(
    request: HttpRequest, profile: PersonalProfile, form: ProfileForm, photo: PhotoForm, status: int = 200
) -> HttpResponse:
    kept = not profile._state.adding
    context = {
        "form": form,
        "photo": photo,
        "page": personal_page(profile, request.user) if kept else None,
        "problem_form": form if form.is_bound else photo,
        "parts": [(form[name], form[f"see_{name}"]) for name in ("name", "function", "about")],
        "lists": [(form[name], form[f"see_{name}"]) for name in ("languages", "topics")],
    }
    return render(request, "members/my_profile.html", context, status=status)


@require_safe
@never_cache
def person(request: HttpRequest, handle: str) -> HttpResponse:
    """The page of a person, as far as this reader may see it; for nobody else it is there."""
    profile = get_object_or_404(
        PersonalProfile.objects.visible_to(request.user).select_related("user"), handle=handle
    )
    return render(request, "members/person.html", {"page": personal_page(profile, request.user)})


@require_safe
@never_cache
def person_photo(request: HttpRequest, handle: str) -> HttpResponse:
    """The photo of a person, for who may see it."""
    profile = get_object_or_404(PersonalProfile.objects.visible_to(request.user), handle=handle)
    if not profile.photo or "photo" not in reads(profile, request.user):
        raise Http404
    try:
        content = storage.read(profile.photo)
    except FileNotFoundError as gone:
        raise Http404 from gone
    response = HttpResponse(content, content_type="image/webp")
    response["Content-Disposition"] = 'attachment; filename="foto.webp"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
