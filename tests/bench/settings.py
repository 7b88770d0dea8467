"""The platform's settings as they are for real, with the addresses of the yardsticks beside its own."""

import os

from collectievekracht.settings import *  # noqa: F403 -- the same settings

DEBUG = False
ALLOWED_HOSTS = ["testserver"]
ROOT_URLCONF = "tests.bench.urls"
SECURE_SSL_REDIRECT = False
WHITENOISE_AUTOREFRESH = False
TEMPLATES[0]["DIRS"] = [*TEMPLATES[0]["DIRS"], BASE_DIR / "tests" / "bench" / "templates"]  # noqa: F405
DATABASES["default"]["TEST"] = {"NAME": "collectievekracht_bench"}  # noqa: F405
DATABASES["default"]["NAME"] = os.environ.get("BENCH_DATABASE", DATABASES["default"]["NAME"])  # noqa: F405
DATABASES["default"]["CONN_MAX_AGE"] = None  # noqa: F405 -- connections stay, as they do with the pool of the web
LOGGING["loggers"] = {}  # noqa: F405
LOGGING["root"] = {"handlers": [], "level": "CRITICAL"}  # noqa: F405
