import polib

from collectievekracht.local import translations


def entry(msgid, msgstr="", **more):
    return polib.POEntry(msgid=msgid, msgstr=msgstr, occurrences=[("a.py", "")], **more)


def test_what_is_missing_fuzzy_or_never_extracted_is_named(tmp_path):
    extracted, committed = polib.POFile(), polib.POFile()
    for msgid in ("good", "fuzzy", "empty", "new"):
        extracted.append(entry(msgid))
    extracted.append(entry("open", msgctxt="state"))
    committed.append(entry("good", "goed"))
    committed.append(entry("fuzzy", "vaag", flags=["fuzzy"]))
    committed.append(entry("empty"))
    committed.append(entry("open", "open", msgctxt="door"))
    committed.save(str(tmp_path / "django.po"))

    found = translations._compare(extracted, tmp_path / "django.po")

    assert [line.split(":")[0] for line in found] == [
        "fuzzy",
        "not translated",
        "not in django.po",
        "not in django.po",
    ]
