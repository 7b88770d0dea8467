"""The outbox's SQL: one statement per act, so that two processes never both win."""

from typing import NamedTuple

from django.db import connection

# A promise may be taken when it is due and nobody holds a lease on it.
_FREE = "state = 'open' AND due_at <= statement_timestamp() AND (leased_until IS NULL OR leased_until < statement_timestamp())"
# Sent again after a while, then ever later (half its age), so that a long queue isn't flooded with doubles.
_UNQUEUED = (
    "(queued_at IS NULL OR queued_at < statement_timestamp() - "
    "greatest(make_interval(secs => %s), least(interval '5 minutes', (queued_at - created_at) / 2)))"
)


class Claim(NamedTuple):
    """The right to do a promise once. `attempt` fences: whoever comes late changes nothing."""

    pk: int
    task: str
    target: int
    version: str
    attempt: int
    max_attempts: int


class Message(NamedTuple):
    pk: int
    task: str
    target: int
    version: str


def claim(task: str, target: int, version: str, *, owner: str, seconds: float) -> Claim | None:
    """Take the promise if it is free and has attempts left; of any number of callers one gets it."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE common_promise
                SET attempts = attempts + 1, leased_until = statement_timestamp() + make_interval(secs => %s), leased_by = %s
                WHERE task = %s AND target = %s AND version = %s AND {_FREE} AND attempts < max_attempts
                RETURNING id, task, target, version, attempts, max_attempts""",  # noqa: S608 -- constants only
            [seconds, owner, task, target, version],
        )
        row = cursor.fetchone()
    return Claim(*row) if row else None


def take_unqueued(limit: int, *, again_after: float) -> list[Message]:
    """The promises that should be sent to the broker now, marked as sent; each goes to one caller."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE common_promise SET queued_at = statement_timestamp() WHERE id IN (
                    SELECT id FROM common_promise WHERE {_FREE} AND {_UNQUEUED} AND attempts < max_attempts
                    ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED)
                RETURNING id, task, target, version""",  # noqa: S608 -- constants only
            [again_after, limit],
        )
        return [Message(*row) for row in sorted(cursor.fetchall())]


def lock(name: str) -> None:
    """Let one transaction at a time pass for this name; released when the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def delete_expired_cache_rows(table: str) -> None:
    """Empty the database cache of what has expired, which it does itself only when it is full."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)} WHERE expires < now()")  # noqa: S608


def delete_cache_rows_with(table: str, words: list[str]) -> None:
    """Take what holds one of these words out of the database cache, whose values are packed bytes in base64."""
    holds = " OR ".join(["position(%s::bytea IN decode(value, 'base64')) > 0"] * len(words))
    if holds:
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {connection.ops.quote_name(table)} WHERE {holds}",  # noqa: S608 -- constants only
                [word.encode() for word in words],
            )
