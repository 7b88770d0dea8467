"""Settings, all from the environment; `.env.example` documents each. Nothing needs to be set for `make run`.

With `DEBUG` off nothing starts without its secrets.
"""

import re
from pathlib import Path
from typing import Any

import environ
import structlog
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from collectievekracht.common import csp
from collectievekracht.common import logging as log_setup
from collectievekracht.local import paths, services

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
environ.Env.read_env(BASE_DIR / ".env")
# Set-up on a developer's machine leaves a file that turns DEBUG on; what the environment says goes first.
environ.Env.read_env(paths.data_dir() / "local.env")

DEBUG: bool = env.bool("DEBUG", default=False)
DATA_DIR: Path = paths.data_dir()


def secret(name: str) -> str:
    """A secret of its own per purpose, so that changing one breaks only its own links."""
    value = str(env.str(name, default=""))
    if value:
        return value
    if DEBUG:
        return f"insecure-development-key-for-{name.lower()}-0123456789-abcdefghijklmnopqrstuvwxyz"
    raise ImproperlyConfigured(f"{name} must be set when DEBUG is off.")


SECRET_KEY = secret("SECRET_KEY")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
UNSUBSCRIBE_KEY = secret("UNSUBSCRIBE_KEY")
SUPPRESSION_KEY = secret("SUPPRESSION_KEY")

SITE_URL: str = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"] if DEBUG else [])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
TRUSTED_PROXY_COUNT: int = env.int("TRUSTED_PROXY_COUNT", default=0)

# Applications, the highest first: templates and static files of a higher app win.
INSTALLED_APPS = [
    "selfscan",
    "newsletter",
    "events",
    "forums",
    "library",
    "labs",
    "members",
    "collectievekracht.pages",
    "collectievekracht.common",
    "collectievekracht.admin_config.PlatformAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_filters",
    "django_htmx",
    "django_prose_editor",
    "heroicons",
    "leaflet",
    "simple_history",
]

MIDDLEWARE = [
    "collectievekracht.common.middleware.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "collectievekracht.common.middleware.PolicyMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "collectievekracht.pages.second_factor.SignedInMiddleware",  # Django's own, and the second factor
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "collectievekracht.urls"
WSGI_APPLICATION = "collectievekracht.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["collectievekracht.common.templatetags.ui"],
        },
    }
]

# Database, broker and caches. The pool is for the web; workers keep no pool (see docs/decisions).
PROCESS: str = env.str("PROCESS", default="web")
WEB_THREADS: int = env.int("WEB_THREADS", default=4)
SERVICE_URLS = services.urls()
DATABASES: dict[str, Any] = {"default": env.db_url_config(SERVICE_URLS["DATABASE_URL"])}
DATABASES["default"].update(CONN_MAX_AGE=0, CONN_HEALTH_CHECKS=True)
DATABASES["default"].setdefault("OPTIONS", {}).update(connect_timeout=5)
if PROCESS == "web" and env.bool("DATABASE_POOL", default=False):
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 2, "max_size": WEB_THREADS, "timeout": 5}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL: str = SERVICE_URLS["REDIS_URL"]
CELERY_APP = "collectievekracht.celery.app"
SWEEP_SECONDS: int = env.int("SWEEP_SECONDS", default=15)
CACHE_URL: str = env.str("CACHE_URL", default="")
CACHES: dict[str, dict[str, Any]] = {
    # allauth and the limits count here; a Redis that is away must not stop a sign-in.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_table",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    # Whole pages and map answers; a Redis that is away is a miss.
    "pages": {
        "BACKEND": "collectievekracht.common.caches.PagesCache",
        "LOCATION": CACHE_URL or re.sub(r"/0$", "/1", REDIS_URL),
        "TIMEOUT": 60,
        "KEY_PREFIX": "pages",
    },
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no third cookie

# People and sign-in.
AUTH_USER_MODEL = "members.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "members.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True  # of every change of a password, a factor or an address, to its owner
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "CollectieveKracht"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
MFA_ADAPTER = "members.adapters.SecondFactorAdapter"
MFA_FORMS = {"add_webauthn": "members.forms.passkeys.PasskeyForm"}
# Sign-in through SURFconext, for people of universities: off until all three are given.
SURFCONEXT_SERVER_URL: str = env.str("SURFCONEXT_SERVER_URL", default="")
SURFCONEXT_CLIENT_ID: str = env.str("SURFCONEXT_CLIENT_ID", default="")
SURFCONEXT_SECRET: str = env.str("SURFCONEXT_SECRET", default="")
SOCIALACCOUNT_ADAPTER = "members.surfconext.SurfconextAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # never by e-mail address alone
SOCIALACCOUNT_STORE_TOKENS = False
USERSESSIONS_TRACK_ACTIVITY = False  # what is known of a session is written at sign-in, never per page

# Languages and time.
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"
FORMAT_MODULE_PATH = ["collectievekracht.formats"]

# Files.
STATIC_URL = "/static/"
# The outlines of the map are data of members and a file that browsers fetch: one copy of it.
STATICFILES_DIRS = [BASE_DIR / "static", ("geo", BASE_DIR / "members" / "data")]
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
PRIVATE_ROOT = Path(env.str("PRIVATE_ROOT", default=str(DATA_DIR / "private")))
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(DATA_DIR / "media")},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

WHITENOISE_MIMETYPES = {".webmanifest": "application/manifest+json"}

# Mail.
if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "collectievekracht.local.mail.EmlBackend"
EMAIL_FILE_PATH = str(DATA_DIR / "mail")
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL: str = env.str(
    "MAIL_FROM", default="CollectieveKracht <noreply@collectievekracht.example>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Security. The proxy in front ends TLS and says so in one header.
SECURE_SSL_REDIRECT = not DEBUG and env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 0 if DEBUG else 63_072_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = not DEBUG
SECURE_HSTS_PRELOAD = not DEBUG
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = csp.POLICY
PERMISSIONS_POLICY: dict[str, list[str]] = csp.PERMISSIONS_POLICY
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
UPLOAD_MAX_BYTES = 10_000_000
FILE_UPLOAD_HANDLERS = [
    "collectievekracht.common.uploads.BoundedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# The platform's own choices.
TEAM_CLOSING_DAYS: list[str] = env.list("TEAM_CLOSING_DAYS", default=[])
ADMINS_NOTIFY: list[str] = env.list("ADMINS_NOTIFY", default=[])
TEAM_EMAIL: str = env.str("TEAM_EMAIL", default="team@collectievekracht.example")
MAP_TILES: bool = env.bool("MAP_TILES", default=False)
SMALL_CORRECTIONS_PASS: bool = env.bool("SMALL_CORRECTIONS_PASS", default=False)
LEAFLET_CONFIG: dict[str, Any] = {"TILES": [], "NO_GLOBALS": False, "RESET_VIEW": False}

LOGGING = log_setup.config(debug=DEBUG)
LOGGING_CONFIG = "logging.config.dictConfig"
structlog.configure(**log_setup.STRUCTLOG)
