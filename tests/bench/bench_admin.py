"""The work queue and the import of collectives, at the size that they are built for."""

import resource
from collections.abc import Callable
from functools import partial
from io import BytesIO
from time import perf_counter, process_time

from allauth.account.internal.flows import login
from django.core.management import call_command
from django.utils import timezone

from members.choices import WorkKind
from members.demo import make_collectives
from members.models import Collective, ImportBatch, WorkItem
from members.services import work
from members.services.import_undo import undo_batch
from members.services.imports import import_file
from tests.bench.bench_pages import session_of
from tests.bench.harness import Line, Server, Site, cpu, limit_line, queries, ratio_line
from tests.factories.members import UserFactory
from tests.factories.signing_in import give_factor
from tests.members.imports import GOOD, csv_file

COLLECTIVES, WAITING, ROWS = 10_000, 500, 10_000
DOUBTS = {"definition_check": {"def_goal": "partly"}, "eligibility": "review", "reference": "CK-ABCD-EFGH"}


def admin_session() -> str:
    """The cookie of an admin who showed a second factor."""
    boss = give_factor(UserFactory(admin=True))
    shown = {
        login.AUTHENTICATION_METHODS_SESSION_KEY: [{"method": "mfa", "at": timezone.now().timestamp()}],
        login._AUTHENTICATION_METHODS_USER_SESSION_KEY: login.user_id_to_str(boss),
    }
    return session_of(boss, **shown)


def queue_lines() -> list[Line]:
    """The front page of the admin, with every kind of work waiting."""
    kinds = list(WorkKind)
    for number in range(WAITING):
        kind = kinds[number % len(kinds)]
        facts = DOUBTS if kind == WorkKind.SCAN else {}
        work.open_work(kind, 1_000_000 + number, title=f"Collectief {number}", facts=facts)
    cookie = admin_session()
    pages = {"plain list": ("/bench/list/", ""), "work queue": ("/beheer/", cookie)}
    with Server() as server:
        asks = {name: partial(server.get, *page) for name, page in pages.items()}
        size = len(asks["work queue"]()) / 1000
        spent = cpu(asks, clock=server.spent)
    asked = queries(partial(Site().get, "/beheer/", cookie))
    note = f", {size:.0f} kB, {Collective.objects.count()} collectives, {WAITING} waiting"
    return [
        ratio_line(
            "page: work queue", spent["work queue"], spent["plain list"], "plain list", 1.1, note=note
        ),
        limit_line("page: work queue", asked, 7, "queries"),
    ]


def spreadsheet(rows: int, **other: str) -> BytesIO:
    """So many collectives, all filled in; `other` is what each says otherwise."""
    return csv_file(
        *(
            GOOD
            | {
                "key": f"K{number}",
                "name": f"Coöperatie {number}",
                "contact_email": f"k{number}@voorbeeld.example",
            }
            | other
            for number in range(rows)
        )
    )


def timed(act: Callable[[], object]) -> tuple[float, float]:
    """How long it takes, by the clock and of this process."""
    begun, worked = perf_counter(), process_time()
    act()
    return perf_counter() - begun, process_time() - worked


def import_lines() -> list[Line]:
    """Bringing in a large file, changing all of it by another one, and undoing both."""
    boss = UserFactory(admin=True)
    import_file(spreadsheet(200), name="eerst.csv", by=boss, told=lambda plan: None)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    files = {
        f"import of {ROWS} rows": spreadsheet(ROWS),
        f"import of {ROWS} rows that change what is here": spreadsheet(
            ROWS, description="Een andere tekst.", activity="sluimerend", contact_email=""
        ),
    }
    lines, batches = [], []
    for what, file in files.items():
        took, spent = timed(partial(import_file, file, name="groot.csv", by=boss, told=lambda plan: None))
        batch = ImportBatch.objects.latest("pk")
        batches.append(batch)
        lines.append(limit_line(what, took, 120, "s", note=f", {spent:.0f} s CPU, {batch.counts}"))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000 - before
    lines.append(limit_line("both: memory grows", grown, 40, "MB"))
    for batch in reversed(batches):
        took, spent = timed(partial(undo_batch, batch, boss))
        lines.append(limit_line("undoing it", took, 60, "s", note=f", {spent:.0f} s CPU, {batch.counts}"))
    return lines


def lines() -> list[Line]:
    """Measure both."""
    call_command("load_instrument", verbosity=0)
    missing = COLLECTIVES - Collective.objects.count()
    if missing > 0:
        make_collectives(missing, seed=1)
    WorkItem.objects.all().delete()
    return [*queue_lines(), *import_lines()]
