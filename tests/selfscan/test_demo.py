"""The made-up platform has work for the team, made by the way that every scan takes."""

from members.choices import ReviewState
from members.demo import make_collectives
from members.models import Collective
from selfscan.demo import WAITING, make_scans, make_waiting


def test_three_made_up_scans_wait(instrument):
    make_scans(make_collectives(6, seed=1), seed=1)
    make_waiting()
    waiting = Collective.objects.filter(state=ReviewState.PENDING).values_list("name", flat=True)
    assert sorted(waiting) == sorted(WAITING)
