"""The platform's own processes: `make run` and docker-compose.yml start the same."""

from dataclasses import dataclass, field

# The checks load every address and all of signing in, 20 MB that a worker never needs; `prepare` made them already.
_CELERY = "python -m celery --app collectievekracht --skip-checks"
_WORKER = f"{_CELERY} worker --prefetch-multiplier 1 --without-gossip --without-mingle --loglevel info"

# Migrations and the instrument; once, before the others.
PREPARE = "python -m collectievekracht.local prepare"


@dataclass(frozen=True)
class Process:
    """A process that runs on: its command, and what it must find in its environment."""

    name: str
    command: str
    environment: dict[str, str] = field(default_factory=dict)


PROCESSES = (
    Process(
        "web",
        "python -m gunicorn --config python:collectievekracht.gunicorn collectievekracht.wsgi",
        {"PROCESS": "web", "DATABASE_POOL": "1"},
    ),
    Process(
        "worker",
        f"{_WORKER} --queues celery --concurrency 2 --hostname worker@%h",
        {"PROCESS": "worker"},
    ),
    # The report has a queue of its own: it is slow, and no mail or pin waits for it. A child draws a hundred and is
    # followed by a new one: below Python, drawing keeps some 20 kB of each.
    Process(
        "report",
        f"{_WORKER} --queues report --concurrency 1 --max-tasks-per-child 100 --hostname report@%h",
        {"PROCESS": "worker"},
    ),
    Process("beat", f"{_CELERY} beat --loglevel info --pidfile=", {"PROCESS": "beat"}),
)
