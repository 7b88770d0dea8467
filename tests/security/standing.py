"""A small platform that stands for a whole module of tests, and is asked as if nothing was asked before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.cache import caches
from django.test.utils import override_settings

from collectievekracht.common.storage import private_storage
from members import vocabulary
from selfscan.services import load_instrument
from tests.security.asking import Undone
from tests.security.roles import Someone, make_people
from tests.security.world import World, make_world

# The answers of an address, in a word; every other status is its number.
PAGE, SIGN_IN, SECOND_STEP, CONFIRM, ON, NONE, NOT_SO = (
    "page", "sign in", "second step", "confirm", "on", "none", "not so",
)  # fmt: skip


def answer(response: Any) -> str:
    """What an answer is: a page, nothing, the way to sign-in or to a second step, or further on."""
    status = response.status_code
    if status in (301, 302, 303):
        return {
            "/account/login/": SIGN_IN,
            "/beheer/tweede-stap/": SECOND_STEP,
            "/account/reauthenticate/": CONFIRM,
            "/account/2fa/reauthenticate/": CONFIRM,
        }.get(response["Location"].partition("?")[0].removeprefix("/en"), ON)
    return {200: PAGE, 404: NONE, 405: NOT_SO}.get(status, str(status))


@dataclass(frozen=True)
class Standing:
    """The platform and its people. What somebody asks never happened when it was answered."""

    world: World
    people: dict[str, Someone]
    _looked: dict[tuple[str, str], Any] = field(default_factory=dict)

    @contextmanager
    def asking(self, role: str) -> Iterator[Any]:
        """This person's browser; afterwards nothing was done."""
        one = self.people[role]
        cookies = one.client.cookies.copy()
        with Undone():
            yield one.client
        one.client.cookies = cookies

    def ask(self, role: str, method: str, path: str, data: object = None, **extra: Any) -> Any:
        """The answer to one request of a person of this role, whole in its `body`."""
        with self.asking(role) as client:
            response = getattr(client, method.lower())(path, data, **extra)
            response.body = response.getvalue()
            return response

    def look(self, role: str, path: str) -> Any:
        """The answer to GET, asked once."""
        if (role, path) not in self._looked:
            self._looked[role, path] = self.ask(role, "GET", path)
        return self._looked[role, path]


@contextmanager
def stand(files: Any, instrument_text: str) -> Iterator[Standing]:
    """Build it, in a transaction that never ends well."""
    with override_settings(OUTBOX_PUBLISH=False), pytest.MonkeyPatch.context() as patch, Undone():
        patch.setattr(private_storage, "_wrapped", files)
        caches["pages"].clear()
        vocabulary.forget()
        load_instrument(instrument_text)
        world = make_world(patch)
        yield Standing(world, make_people(world))
