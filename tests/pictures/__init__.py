"""`make pictures`: the pictures in `docs/pictures`, from the same made-up collectives at the same moment each time."""
