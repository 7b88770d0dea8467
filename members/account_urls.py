"""The addresses under `/account/`: our own page of the account, and those of allauth that the platform uses."""

from django.urls import include, path

from members.views import account

urlpatterns = [
    path("", account.home, name="account_home"),
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", account.sessions, name="usersessions_list"),
    # Sign-in through SURFconext; none of these is there while it isn't set up.
    path("3rdparty/", account.connections, name="socialaccount_connections"),
    path("3rdparty/signup/", account.surfconext_signup, name="socialaccount_signup"),
    path("3rdparty/login/cancelled/", account.surfconext_cancelled, name="socialaccount_login_cancelled"),
    path("3rdparty/login/error/", account.surfconext_error, name="socialaccount_login_error"),
    path("oidc/<str:provider_id>/login/", account.surfconext_login, name="openid_connect_login"),
    path("oidc/<str:provider_id>/login/callback/", account.surfconext_answer, name="openid_connect_callback"),
]
