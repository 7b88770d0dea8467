"""What a lower app needs from those above it: they register it here in `AppConfig.ready`.

Plain functions and dataclasses cross, never models.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise as Lazy


class Coded(Protocol):
    @property
    def code(self) -> str: ...


Entry = TypeVar("Entry", bound=Coded)
Text = str | Lazy


class Registry(Generic[Entry]):
    """Entries by code, in the order of registering. A code that is taken is refused."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._told: list[Callable[[Entry], object]] = []

    def add(self, entry: Entry) -> Entry:
        if self._entries.get(entry.code, entry) != entry:
            raise ValueError(f"{entry.code} is registered already.")
        is_new = entry.code not in self._entries
        self._entries[entry.code] = entry
        for told in self._told if is_new else ():
            told(entry)
        return entry

    def for_each(self, told: Callable[[Entry], object]) -> None:
        """Tell this of every entry once: of those that are here, and of those that come."""
        self._told.append(told)
        for entry in self:
            told(entry)

    def __getitem__(self, code: str) -> Entry:
        return self._entries[code]

    def get(self, code: str) -> Entry | None:
        return self._entries.get(code)

    def __iter__(self) -> Iterator[Entry]:
        return iter(tuple(self._entries.values()))


def _always(address: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class MailKind:
    """A kind of mail. `reason` ends every mail ("You get this mail because ..."); `may_receive(address)` is asked
    when the mail leaves, `turn_off(address)` when its reader has had enough (None: it can't be turned off).
    `keeps_address=False`: the address is forgotten as soon as the mail has left, not with time.
    `must_arrive`: a mail that is refused for good is kept whole and tried again; at last the admins hear of it.
    `fill(address, context)` gives what the mail says at the moment when it leaves, in its reader's language; None
    withholds it. `is_on(address)` says whether there is anything to turn off, where that is another question than
    `may_receive`."""

    code: str
    reason: Text
    may_receive: Callable[[str], bool] = _always
    turn_off: Callable[[str], None] | None = None
    name: Text = ""
    keeps_address: bool = True
    must_arrive: bool = False
    fill: Callable[[str, Mapping[str, Any]], Mapping[str, Any] | None] | None = None
    is_on: Callable[[str], bool] | None = None


@dataclass(frozen=True, slots=True)
class PersonalData:
    """What an app keeps of a person. `list(user_id, email)` gives rows for the access file; `erase(user_id, email)`
    runs inside the erasing transaction, where an error stops all of it. Of a person with several addresses both are
    asked for the account with its main address, and then for each other proven one, without the account. An address
    may be empty, and is then nobody's.

    `models` names every table that holds it ("members.Notification"), `what` says it in a few plain words, `files`
    gives names and contents of files that go with the copy, and `known` the addresses that are kept without an account,
    each with the moment since when: after a restore, those that were erased before it are erased again."""

    code: str
    title: Text
    list: Callable[[int | None, str], Iterable[Mapping[str, Any]]]
    erase: Callable[[int | None, str], None]
    models: tuple[str, ...] = ()
    what: Text = ""
    files: Callable[[int], Iterable[tuple[str, bytes]]] | None = None
    known: Callable[[], Iterable[tuple[str, datetime]]] | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found by a search source."""

    title: str
    url: str
    summary: str = ""
    kind: Text = ""
    rank: float = 0.0
    day: date | None = None


@dataclass(frozen=True, slots=True)
class SearchSource:
    """Things that search, suggestions, recommendations and theme pages may show, as far as `user` may see them."""

    code: str
    title: Text
    search: Callable[[Any, str, int], Sequence[Hit]]
    suggest: Callable[[Any, str, int], Sequence[Hit]] | None = None
    of_theme: Callable[[Any, str, int], Sequence[Hit]] | None = None


@dataclass(frozen=True, slots=True)
class NotificationKind:
    """How a notification reads, where it leads, and whether its reader may still see what it is about.

    `name` is what the reader chooses a pace for, `pace` the one without a choice (a code of `members.choices.Pace`).
    """

    code: str
    text: Callable[[Mapping[str, Any]], Text]
    link: Callable[[Mapping[str, Any]], str]
    may_still_see: Callable[[int, Mapping[str, Any]], bool]
    name: Text = ""
    pace: str = "daily"


@dataclass(frozen=True, slots=True)
class MemberSource:
    """Who is a member of the platform besides people of approved collectives: `is_member(user_id)`, one query."""

    code: str
    is_member: Callable[[int], bool]


@dataclass(frozen=True, slots=True)
class ContributionKind:
    """A kind of line in the ledger: its name, what a line says of its `facts`, and where it leads (or nothing)."""

    code: str
    name: Text
    text: Callable[[Mapping[str, Any]], Text]
    link: Callable[[Mapping[str, Any]], str] | None = None


@dataclass(frozen=True, slots=True)
class GivenConsent:
    """A yes that somebody gave: to what, in which words and version, when, and the key by which it is withdrawn."""

    key: str
    title: Text
    text: str
    version: str
    given_at: datetime
    withdrawn_at: datetime | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class ConsentSource:
    """The consents that an app keeps of a person: `given(user_id, email)` lists them, newest first, and
    `withdraw(user_id, email, key)` takes one back; False when it is none of theirs or not in force."""

    code: str
    given: Callable[[int, str], Iterable[GivenConsent]]
    withdraw: Callable[[int, str, str], bool]


@dataclass(frozen=True, slots=True)
class HomeBlock:
    """A block on the home page: a template and the context for it. None as context leaves it out."""

    code: str
    template: str
    context: Callable[[HttpRequest], Mapping[str, Any] | None]
    order: int = 100


class DashboardPart(StrEnum):
    """The parts of the dashboard, in the order in which they stand there."""

    WAITS = "waits"  # for this person to do something
    FITS = "fits"  # their collective, with the reason
    NEWS = "news"  # in what they follow
    LEDGER = "ledger"  # what was given and received


@dataclass(frozen=True, slots=True)
class DashboardCard(HomeBlock):
    """A card on the dashboard of someone who is signed in, in one of its parts; at most two queries each."""

    part: DashboardPart = DashboardPart.FITS


@dataclass(frozen=True, slots=True)
class SitemapSection:
    """A section of the sitemap: paths with the day of their last change."""

    code: str
    entries: Callable[[], Iterable[tuple[str, date | None]]]


@dataclass(slots=True)
class _Addresses:
    """Who is told when something needs a person: the setting, and whoever a higher app names."""

    source: Callable[[], Iterable[str]] | None = field(default=None)

    def register(self, source: Callable[[], Iterable[str]]) -> None:
        self.source = source

    def __call__(self) -> tuple[str, ...]:
        found = [*settings.ADMINS_NOTIFY, *(self.source() if self.source else ())]
        return tuple(dict.fromkeys(address.lower() for address in found if address))


mail_kinds: Registry[MailKind] = Registry()
personal_data: Registry[PersonalData] = Registry()
search_sources: Registry[SearchSource] = Registry()
notification_kinds: Registry[NotificationKind] = Registry()
home_blocks: Registry[HomeBlock] = Registry()
member_sources: Registry[MemberSource] = Registry()
contribution_kinds: Registry[ContributionKind] = Registry()
consent_sources: Registry[ConsentSource] = Registry()
dashboard_cards: Registry[DashboardCard] = Registry()
sitemaps: Registry[SitemapSection] = Registry()
admin_addresses = _Addresses()


def mail_kind(
    code: str,
    *,
    reason: Text,
    name: Text = "",
    may_receive: Callable[[str], bool] = _always,
    turn_off: Callable[[str], None] | None = None,
    keeps_address: bool = True,
    must_arrive: bool = False,
    fill: Callable[[str, Mapping[str, Any]], Mapping[str, Any] | None] | None = None,
    is_on: Callable[[str], bool] | None = None,
) -> MailKind:
    """Register a kind of mail; `mail.send(..., kind=code)` sends it."""
    return mail_kinds.add(
        MailKind(code, reason, may_receive, turn_off, name, keeps_address, must_arrive, fill, is_on)
    )
