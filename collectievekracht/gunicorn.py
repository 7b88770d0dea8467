"""The web server's settings. No preload: a pool that is opened before the fork stalls its workers."""

import os

bind = f"{os.environ.get('BIND', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
# One for each core, and never so many that their pools take all connections of the database.
workers = int(os.environ.get("WEB_WORKERS") or min(os.cpu_count() or 1, 8))
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS") or 4)
timeout = 60
graceful_timeout = 30
keepalive = 15
max_requests = 20_000
max_requests_jitter = 2_000
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108, PTH112 -- heartbeats, never on a slow disk
accesslog = None
