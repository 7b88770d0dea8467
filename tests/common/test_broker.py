"""The connection of workers to a broker that comes and goes; with live processes in `tests/trust` (B7)."""

import pytest
from redis.exceptions import ConnectionError as NoConnection

from collectievekracht.celery import app


@pytest.mark.parametrize("tell", ["ack", "reject"])
def test_work_that_the_broker_could_not_be_told_of_takes_no_place(monkeypatch, tell):
    def away(*args):
        raise NoConnection

    with app.connection_for_read() as connection:
        places = connection.default_channel.qos
        places.prefetch_count = 1
        places._quick_append("one", object())
        assert not places.can_consume()
        monkeypatch.setattr(places, "_remove_from_indices", away)
        with pytest.raises(NoConnection):
            getattr(places, tell)("one")
        assert places.can_consume()
        monkeypatch.undo()
