# What each does: README.md. PORT= and DATA= choose another port and another folder for the data.
PYTHON := .venv/bin/python
WITH_SERVICES := $(PYTHON) -m collectievekracht.local with-services --
ARGS ?=

.PHONY: run test lint trust bench pictures set-up set-up-for-tests set-up-for-bench

run: set-up
	@exec $(PYTHON) -m collectievekracht.local run

test: set-up-for-tests
	@exec $(WITH_SERVICES) $(PYTHON) -m tests $(ARGS)

lint: set-up-for-tests
	@exec $(PYTHON) -m collectievekracht.local.lint

# The tests of docs/trust.md at their full figures against live processes; GROUP=B for one group.
trust: set-up-for-tests
	@TRUST=full exec $(WITH_SERVICES) $(PYTHON) -m tests.trust $(GROUP)

# The benchmarks, each beside its yardstick in the same run; ARGS=lighthouse for one group.
bench: set-up-for-bench
	@exec $(WITH_SERVICES) $(PYTHON) -m tests.bench $(ARGS)

# The pictures in docs/pictures, from demonstration data; ARGS="home map" for some.
pictures: set-up-for-tests
	@exec $(WITH_SERVICES) $(PYTHON) -m tests.pictures $(ARGS)

set-up:
	@./setup.sh

set-up-for-tests:
	@./setup.sh tests

set-up-for-bench:
	@./setup.sh bench
