"""Every address; `docs/addresses.md` and the contract say what each is for."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from collectievekracht.common import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    *i18n_patterns(
        path("", include("selfscan.urls")),
        path("", include("labs.urls")),
        path("nieuwsbrief/", include("newsletter.urls")),
        path("", include("members.urls")),
        path("account/", include("members.account_urls")),
        path("beheer/", admin.site.urls),
        path("", include("collectievekracht.pages.urls")),
        prefix_default_language=False,
    ),
]
