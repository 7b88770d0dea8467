"""A small platform that stands for all of it, and everything that can be seen of it."""

import os
import re
from contextlib import ExitStack

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings
from django.test.utils import setup_databases, teardown_databases
from django.utils.translation import override

from collectievekracht.common import outbox
from collectievekracht.common.storage import PrivateFiles, private_storage
from members import vocabulary
from tests.quality import pages
from tests.quality.browsing import Eye
from tests.security.world import make_world
from tests.trust.figures import FULL

ENGLISH = (
    "/en/",
    "/en/collectieven/",
    "/en/kaart/",
    "/en/zelfscan/",
    "/en/veelgestelde-vragen/",
    "/en/account/login/",
)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    options = {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox", "--disable-gpu"]}
    return browser_type_launch_args | options


@pytest.fixture(scope="package")
def world(django_db_setup, django_db_blocker, tmp_path_factory):
    """One world for all tests of this folder; it never happened afterwards."""
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        if not connection.settings_dict["NAME"].startswith(
            "test_"
        ):  # no other test of this run needs a database
            stack.callback(teardown_databases, setup_databases(0, interactive=False), 0)
        stack.enter_context(override("nl"))  # whatever language a page before was drawn in
        stack.enter_context(override_settings(OUTBOX_PUBLISH=False))
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setattr(
            private_storage, "_wrapped", PrivateFiles(location=str(tmp_path_factory.mktemp("private")))
        )
        stack.enter_context(transaction.atomic())
        stack.callback(vocabulary.forget)
        stack.callback(transaction.set_rollback, True)
        outbox.broker_breaker.reset()
        caches["pages"].clear()
        vocabulary.forget()
        pages.shipped_instrument()
        world = make_world(patch)
        call_command("load_texts", verbosity=0)
        yield world


@pytest.fixture(scope="package")
def people(world):
    return pages.people_of(world)


@pytest.fixture(scope="package")
def found(world, people):
    """Every page, and the addresses that show nobody one."""
    return pages.pages(world, people)


@pytest.fixture(scope="package")
def looks(found, people, browser):
    """Every page as a browser draws it; `PAGES=REGEX` in the environment chooses some while working on them."""
    eye, drawn = Eye(browser, people), set()
    chosen = re.compile(os.environ.get("PAGES", ""))
    wanted = (page for page in found[0] if page.is_whole and chosen.search(str(page)))
    seen = [eye.look_at(page) for page in wanted if FULL or is_new(page, drawn)]
    eye.context.close()
    return seen


def is_new(page, drawn):
    """Whether this page shows a template that none before it did; of the public ones each is looked at."""
    if page.language == "en":
        return page.path in ENGLISH
    public = (
        page.who == "visitor" and not page.asked and not page.path.startswith(("/zelfscan/", "/account/"))
    )
    fresh = public or page.root not in drawn or not page.templates <= drawn
    drawn |= {page.root, *page.templates}
    return fresh
