"""What may be done with people, collectives and the team's work: one function an act, one transaction each."""
