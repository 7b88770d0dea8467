"""Our addresses, and the yardsticks."""

from django.urls import path

from collectievekracht.urls import urlpatterns as ours
from tests.bench import yardsticks

urlpatterns = [
    path("bench/bare/", yardsticks.bare),
    path("bench/list/", yardsticks.plain_list, name="bench_list"),
    *ours,
]
