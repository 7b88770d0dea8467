"""The made-up platform has work for the team, made by the way that every scan takes."""

from members.choices import ReviewState
from members.demo import make_collectives
from members.models import Collective, CollectiveTraits
from selfscan.demo import WAITING, make_earlier_scans, make_scans, make_waiting
from selfscan.past import development_of
from selfscan.services.traits import refresh_traits


def test_three_made_up_scans_wait(instrument):
    make_scans(make_collectives(6, seed=1), seed=1)
    make_waiting()
    waiting = Collective.objects.filter(state=ReviewState.PENDING).values_list("name", flat=True)
    assert sorted(waiting) == sorted(WAITING)


def test_some_made_up_collectives_did_the_scan_before(instrument, definition):
    made = make_collectives(12, seed=1)
    make_scans(made, seed=1)
    assert make_earlier_scans(made, seed=1, most=4) >= 5
    first = development_of(min(made), definition)
    assert len(first.scans) == 3
    assert {step.verdict for line in first.lines for step in line.steps} <= {"same", "up", "down", "unknown"}
    assert CollectiveTraits.objects.count() == 12
    assert refresh_traits() == 0
    assert refresh_traits(every=True) == 12
