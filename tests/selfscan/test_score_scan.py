"""The command that scores a scan from a file, without a database."""

import io
import json

import pytest
from django.core.management import call_command

from tests.factories.scans import EXAMPLES, example, expected


@pytest.fixture
def run(tmp_path, capsys):
    """Run the command on this content; gives the exit status, what was printed, and the lines of what was wrong."""

    def run(content, name="scan.json"):
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        out, err, status = io.StringIO(), io.StringIO(), 0
        try:
            call_command("score_scan", str(file), stdout=out, stderr=err)
        except SystemExit as end:
            status = end.code
        return status, out.getvalue(), err.getvalue().splitlines()

    return run


def scan(answers, **others):
    return {"instrument": "2026.1", "answers": answers, "completed_year": 2026} | others


@pytest.mark.parametrize("code", EXAMPLES)
def test_prints_exactly_the_published_scores(run, code):
    status, printed, wrong = run(scan(example(code)))

    assert (status, wrong) == (0, [])
    assert json.loads(printed) == expected()[code]
    assert list(json.loads(printed)) == list(expected()[code])


def test_year_may_be_left_out(run):
    content = scan(example())
    del content["completed_year"]
    status, printed, _wrong = run(content)

    assert status == 0
    assert json.loads(printed)["derived"]["age_years"] >= 12


def test_active_seconds(run):
    _status, printed, _wrong = run(scan(example(), active_seconds=100))

    assert json.loads(printed)["data_quality"] == ["very_fast"]


def test_wrong_answers_are_listed_by_code(run):
    answers = example(phase="nowhere", gold=1, founding_year=3000, org_name=None, sectors__other="x")
    answers["culture_practice"]["cul_goal"] = 9
    answers["income_split"]["inc_members"] = 90
    status, printed, wrong = run(scan(answers))

    assert (status, printed) == (1, "")
    assert sorted(line.split(": ")[0] for line in wrong) == [
        "culture_practice", "founding_year", "gold", "income_split", "org_name", "phase",
    ]  # fmt: skip
    assert all(": " in line and line.split(": ", 1)[1] for line in wrong)
    assert next(line for line in wrong if line.startswith("culture_practice")).startswith(
        "culture_practice: cul_goal: "
    )


def test_hidden_answers_are_no_mistake(run):
    status, printed, _wrong = run(scan(example(sectors=["energy"])))

    assert status == 0
    assert json.loads(printed)["hidden"] == ["main_sector"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file"),
        (b"{", "file"),
        (b"\xff\xfe", "file"),
        (b"[1]", "file"),
        (b"[" * 100_000, "file"),
        (b'{"a": ' + b"1" * 5000 + b"}", "file"),
        (scan({}, instrument="1999.1"), "instrument"),
        (scan({}, instrument="../../etc/passwd"), "instrument"),
        (scan({}, instrument=None), "instrument"),
        (scan([]), "answers"),
        (scan({}, completed_year="2026"), "completed_year"),
        (scan({}, completed_year=True), "completed_year"),
        (scan({}, completed_year=10**6), "completed_year"),
        (scan({}, active_seconds=-1), "active_seconds"),
        (scan({}, complete_year=2026), "complete_year"),
    ],
)
def test_wrong_files_are_refused(run, content, code):
    status, printed, wrong = run(content)

    assert (status, printed) == (1, "")
    assert [line.split(": ")[0] for line in wrong] == [code]


def test_odd_characters_stay_on_one_line(run):
    status, _printed, wrong = run(scan(example() | {"a\nb\ud800\x1b[31m: c": 1}))

    assert status == 1
    assert len(wrong) == 1
    assert wrong[0].isprintable()


def test_missing_file(capsys):
    with pytest.raises(SystemExit):
        call_command("score_scan", "/nowhere.json")
    assert capsys.readouterr().err.startswith("file: ")
