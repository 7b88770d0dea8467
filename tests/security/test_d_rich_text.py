"""D: rich text keeps nothing that runs or loads, in the form, the preview, the page and the history."""

import pytest

from collectievekracht.common.rich_text import clean_html, rich_text
from collectievekracht.pages.models import FaqEntry, Page
from tests.security.dom import planted
from tests.security.vectors import VECTORS
from tests.trust.figures import FULL

USED = VECTORS if FULL else VECTORS[::4]
HOLDERS = ("{}", "<p>{}</p>", "<h2>{}</h2>", "<ul><li>{}</li></ul>", '<a href="{}">x</a>', '<a href="https://x.example/{}">x</a>',
           "[e-mail]{}[e-mail]", "<p>a</p>\n\n{}\n\n<p>b</p>")  # fmt: skip


def page_of(html):
    return f'<!doctype html><html lang="nl"><head><title>x</title></head><body>{html}</body></html>'


@pytest.mark.parametrize("holder", HOLDERS)
def test_rich_text_is_clean_in_any_holder_and_stays_as_it_is(holder):
    for vector in VECTORS:
        html = rich_text(holder.replace("{}", vector))
        assert planted(page_of(html)) == [], vector
        assert rich_text(html) == html, vector
        assert clean_html(html) == html, vector


def test_vectors_in_rich_text_reach_no_page(world, people):
    boss, visitor = people["admin"], people["visitor"]
    change = f"/beheer/pages/page/{world.text.pk}/change/"
    asked = f"/beheer/pages/faqentry/{world.question.pk}/change/"
    saved = 0
    for vector in USED:
        typed = {"title_nl": vector[:120], "title_en": "x", "summary_nl": vector[:300],
                 "body_nl": f"<h2>{vector}</h2>[e-mail]{vector}", "body_en": f"x {vector}"}  # fmt: skip
        preview = boss.post(f"/beheer/pages/page/{world.text.pk}/voorbeeld/nl/", typed)
        assert preview.status_code in (200, 422)
        assert planted(preview.content.decode()) == [], vector
        answer = boss.post(change, typed)
        saved += answer.status_code == 302
        assert planted(answer.content.decode() or page_of("")) == [], vector
        question = {"question_nl": vector[:200], "question_en": "x", "group": "data", "position": "1", "is_shown": "on",
                    "answer_nl": f"x {vector}", "answer_en": f"x<p>{vector}</p>"}  # fmt: skip
        assert boss.post(asked, question).status_code in (200, 302)
        for path in (
            "/over/plannen/?nu=1",
            "/en/over/plannen/?nu=1",
            "/veelgestelde-vragen/?nu=1",
            "/en/veelgestelde-vragen/?nu=1",
        ):
            assert planted(visitor.get(path).content.decode()) == [], (path, vector)
    assert saved > len(USED) / 2, "most are saved, as text"
    version = world.text.history.latest().pk
    for path in (change, asked, f"/beheer/pages/page/{world.text.pk}/history/", "/beheer/pages/page/", "/beheer/pages/faqentry/",
                 f"/beheer/pages/page/{world.text.pk}/history/{version}/"):  # fmt: skip
        assert planted(boss.get(path).content.decode()) == [], path


def test_what_was_written_around_the_field_is_clean_when_it_is_read(world, people):
    for vector in USED[::4]:
        Page.objects.bulk_update([Page(pk=world.text.pk, title_nl="x", body_nl=vector)], ["title_nl"])
        FaqEntry.objects.filter(pk=world.question.pk).update(answer_nl=vector)
        for path in ("/over/plannen/?nu=1", "/veelgestelde-vragen/?nu=1"):
            assert planted(people["visitor"].get(path).content.decode()) == [], vector
