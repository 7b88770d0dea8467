"""What the provider answers; `/enter/<sub>/` stands for the sign-in of an institution."""

from django.contrib.auth import get_user_model, login
from django.http import HttpResponse
from django.urls import include, path


def enter(request, sub):
    person = get_user_model().objects.get(username=sub)
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    return HttpResponse(sub)


urlpatterns = [
    path("enter/<str:sub>/", enter),
    path("account/", include("allauth.account.urls")),
    path("", include("allauth.idp.urls")),
]
