"""Fills in a scan in a browser as a person would: what is in sight, page after page, from an example's answers."""

from urllib.parse import urlsplit

from selfscan.answers import write_fields
from tests.factories.scans import example

# The examples' places are invented; these stand in for them.
REAL_PLACES = {"example_energy": "Ede", "example_care": "Haarlem", "example_housing": "Leuven"}


def posted_fields(definition, code):
    """Every field of the example with its value (a list where several options are chosen)."""
    answers = example(code, place={"name": REAL_PLACES[code]})
    fields = {}
    for question in definition.questions:
        if question.code in answers:
            fields |= {
                name: value
                for name, value in write_fields(definition, question, answers).items()
                if value not in (None, "", [])
            }
    return fields


def fields_in_sight(page):
    """The names and types of the visible fields of the scan's form, in order."""
    return page.locator("main form").first.evaluate(
        """form => {
            const seen = new Map();
            for (const field of form.elements) {
                if (!field.name || field.type === 'hidden' || field.type === 'submit' || field.offsetParent === null) continue;
                if (!seen.has(field.name)) seen.set(field.name, field.type);
            }
            return [...seen];
        }"""
    )


def fill_page(page, fields):
    """Give every field in sight its value; follow-up questions that the page reveals in answer too."""
    filled = set()
    while todo := [(name, kind) for name, kind in fields_in_sight(page) if name not in filled]:
        for name, kind in todo:
            filled.add(name)
            if name in fields:
                fill_field(page, name, kind, fields[name])
        # What was chosen is saved while the person goes on, and may bring a follow-up question.
        page.evaluate("document.activeElement.blur()")
        page.locator("form[data-unsent]").wait_for(state="detached")


def fill_field(page, name, kind, value):
    """Give one field its value."""
    form = page.locator("main form").first
    if kind in ("radio", "checkbox"):
        for choice in value if isinstance(value, list | tuple) else [value]:
            form.locator(f'input[name="{name}"][value="{choice}"]').check()
    elif kind.startswith("select"):
        form.locator(f'select[name="{name}"]').select_option(str(value))
    else:
        form.locator(f'[name="{name}"]').fill(str(value))


def fill_in(page, fields, on_page=lambda page: None):
    """From the scan's first page to its check page; `on_page` looks at every page, filled in."""
    for _ in range(60):
        if urlsplit(page.url).path.endswith("/controle/"):
            return
        fill_page(page, fields)
        on_page(page)
        before = page.url
        page.locator("main form").first.locator('button[type="submit"], button:not([type])').first.click()
        page.wait_for_load_state()
        assert page.locator('.error-summary, [role="alert"]').count() == 0, page.locator("main").inner_text()
        assert page.url != before, f"stuck on {before}"
    raise AssertionError("The scan has no end.")
