"""The platform as a browser meets it in production: packed static files with their hashes, and HTML packed as the proxy does."""

import os

from tests.bench.settings import *  # noqa: F403 -- the same settings

ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
MIDDLEWARE = ["django.middleware.gzip.GZipMiddleware", *MIDDLEWARE]  # noqa: F405
STATIC_ROOT = os.environ["BENCH_STATIC"]
STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}  # noqa: F405
