"""`python -m tests.pictures [NAME ...]`: draw every picture, or some."""

import os
import sys
import warnings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collectievekracht.settings")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
MOMENT = "2026-10-06 10:20+02:00"  # a Tuesday, so that some work is late and some is not


def main(names: list[str]) -> int:
    """Make a platform of its own, and draw."""
    import django
    import time_machine

    warnings.simplefilter("ignore")
    django.setup()
    from django.db import connection
    from django.test.runner import DiscoverRunner

    from tests.pictures import drawing

    runner = DiscoverRunner(verbosity=0, interactive=False)
    runner.setup_test_environment()
    made = runner.setup_databases()
    try:
        with time_machine.travel(MOMENT, tick=True):
            drawing.draw_all(names)
    finally:
        with connection.cursor() as cursor:  # what answered the browser may have left a connection
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        runner.teardown_databases(made)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
