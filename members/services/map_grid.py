"""The grid that the map keeps once there are very many pins."""

from __future__ import annotations

from django.db import transaction

from members import map_cache, queries_map


@transaction.atomic
def refresh_map_grid() -> int:
    """Lay the grid anew from 100,000 pins on; under that nothing is kept. Gives the number of pins."""
    number = queries_map.replace_cells()
    map_cache.forget()
    return number
