"""Faults and attacks on live processes; each test is a line of the trust table.

`make trust` runs them at full figures (`GROUP=B` for one group), `make test` at a tenth. A new line: a test named
after it (`test_b1_…`, in the file of its group) that takes `platform` and ends with `table.add(...)`.
"""
