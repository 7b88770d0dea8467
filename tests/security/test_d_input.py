"""D3: every kind of text in every field: a clear answer, and what is shown is what was saved."""

from collections import Counter
from functools import partial

from tests.security.asking import broken, differs, fill_page, lost, scan_pages
from tests.security.kinds import KINDS
from tests.security.surface import SURFACES
from tests.trust.figures import FULL


def same_in_all(typed, names):
    return dict.fromkeys(names, typed)


def some(things, number):
    """All of them in `make trust`; in `make test` every tenth, others for each number."""
    things = list(things)
    return things if FULL else things[number % 10 :: 10]


def test_every_good_form_is_taken(world, people, by_itself):
    """Else what follows would only try the door."""
    for surface in SURFACES:

        def good(surface=surface):
            response = surface.send(world, people, surface.fields)
            assert response.status_code in (200, 204, 302), surface.name
            assert differs(surface, world, people, response) == [], surface.name
            if surface.stored:
                assert response.status_code == 302, surface.name
                stored = surface.stored(world)
                assert stored == {name: value for name, value in surface.fields.items() if name in stored}

        by_itself(good)


def test_d3_every_kind_of_text_in_every_field(world, people, definition, by_itself, table):
    wrong, asked, fields, taken = [], 0, 0, Counter()

    def try_one(surface, name, kind):
        typed = KINDS[kind]
        response = surface.send(world, people, surface.fields | {name: typed})
        taken[response.status_code] += 1
        found = broken(response)
        if not found and (names := differs(surface, world, people, response)):
            found = f"shown otherwise than saved: {names}"
        if not found and lost(surface, response, name, typed):
            found = "typed text lost"
        return f"{surface.name}.{name} with {kind}: {found}" if found else ""

    for surface in SURFACES:
        for name in surface.fields:
            fields += 1
            for kind in some(KINDS, fields):
                asked += 1
                wrong.append(
                    by_itself(lambda surface=surface, name=name, kind=kind: try_one(surface, name, kind))
                )
    of_scan = set()
    for number, (scan, path) in enumerate(scan_pages(definition)):
        for kind in some(KINDS, number):
            asked += 1
            page = partial(fill_page, people["visitor"], scan, path, partial(same_in_all, KINDS[kind]))
            names, found = by_itself(page)
            of_scan |= names
            wrong += [f"{path} with {kind}: {one}" for one in found]
    wrong = [one for one in wrong if one]
    table.add(
        "D3",
        f"{len(KINDS)} kinds of text in {fields} fields of forms and filters and {len(of_scan)} of the scan, {asked} times",
        seen=f"{len(wrong)} answered with an error, or shown otherwise than saved {wrong[:20] or ''}",
        must="0",
        holds=not wrong and not {code for code in taken if code >= 500},
    )
