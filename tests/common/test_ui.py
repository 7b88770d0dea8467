"""Component tags: what they print, that they escape, and that they can be read aloud."""

from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override

from collectievekracht.common.templatetags.ui_formats import clock, day, moment, number, weekday
from collectievekracht.common.templatetags.ui_forms import Choice


class SampleForm(forms.Form):
    name = forms.CharField(label="Naam", help_text="Zoals jullie hem schrijven")
    phase = forms.ChoiceField(
        label="Fase", choices=[("a", "Plan"), ("b", "Draait")], widget=forms.RadioSelect
    )
    themes = forms.MultipleChoiceField(
        label="Thema's", choices=[("x", "X"), ("y", "Y")], widget=forms.CheckboxSelectMultiple, required=False
    )
    consent = forms.BooleanField(label="Akkoord", required=False)
    key = forms.CharField(widget=forms.HiddenInput, required=False)


class Page(HTMLParser):
    """The ids of a page, what points at them, and its tags in order."""

    def __init__(self, html):
        super().__init__()
        self.ids, self.pointers, self.tags = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append((tag, attrs))
        if "id" in attrs:
            self.ids.append(attrs["id"])
        self.pointers += attrs.get("aria-describedby", "").split()
        if tag == "label" and "for" in attrs:
            self.pointers.append(attrs["for"])

    def all(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


def draw(source, path="/", **context):
    request = RequestFactory().get(path)
    with override(context.pop("language", "en")):
        values = {"request": request, "user": AnonymousUser(), **context}
        return Template(source).render(Context(values))


EVIL = "<script>alert(1)</script>\"'"


@pytest.mark.parametrize(
    "source",
    [
        "{% button evil icon='trash' name=evil value=evil data_x=evil %}",
        "{% link_button evil '/' %}",
        "{% tag evil %}",
        "{% card evil '/' meta=evil text=evil tags=evils %}",
        "{% note evil %}{{ evil }}{% endnote %}",
        "{% notice 'error' evil %}{{ evil }}{% endnotice %}",
        "{% breadcrumb evil '/' evil %}",
        "{% empty_state evil evil '/' evil %}",
        "{% definitions pairs %}",
        "{% data_table evil evils rows %}",
        "{% text_field 'n' evil evil hint=evil error=evil suffix=evil maxlength=evil %}",
        "{% text_area 'n' evil evil hint=evil error=evil %}",
        "{% select_field 'n' evil choices evil hint=evil error=evil %}",
        "{% choice_group 'n' evil choices evil hint=evil error=evil %}",
        "{% choice_group 'n' evil choices evils multiple=True scale=True %}",
        "{% checkbox 'n' evil hint=evil error=evil %}",
        "{% error_summary problems=pairs %}",
        "{% task_list tasks %}",
        "{% steps steps %}",
        "{% flower evil parts %}",
        "{% score_bar evil 50 evil %}",
        "{% dot_row 2 evil %}",
        "{% explain evil evil url=evil more=evil %}",
        "{% explain evil evil block=True url=evil %}",
        "{% share_links evil evil %}",
    ],
)
def test_every_component_escapes_what_it_is_given(source):
    html = draw(
        source,
        evil=EVIL,
        evils=[EVIL],
        pairs=[(EVIL, EVIL)],
        rows=[[EVIL, EVIL]],
        choices=[
            Choice(EVIL, EVIL, hint=EVIL, text_name=EVIL, text_value=EVIL, text_label=EVIL, text_error=EVIL)
        ],
        tasks=[{"title": EVIL, "url": EVIL, "state": "todo", "detail": EVIL}],
        steps=[(EVIL, "busy")],
        parts=[("culture", EVIL, 50, EVIL)],
    )
    assert "<script>" not in html
    assert "style=" not in html


def test_form_fields_have_labels_and_point_at_what_exists():
    page = Page(draw("{% error_summary form %}{% form_fields form %}", form=SampleForm(data={"name": ""})))
    assert len(page.ids) == len(set(page.ids))
    assert set(page.pointers) <= set(page.ids)
    targets = [attrs["href"][1:] for attrs in page.all("a")]
    assert targets == ["id_name", "id_phase"]
    assert set(targets) <= set(page.ids)


def test_error_summary_comes_only_with_errors():
    assert "There is a problem" not in draw("{% error_summary form %}", form=SampleForm())
    html = draw("{% error_summary form %}", form=SampleForm(data={}))
    assert 'role="alert"' in html
    assert 'tabindex="-1"' in html


def test_error_is_told_in_the_field_and_in_the_page_title():
    form = SampleForm(data={"phase": "a"})
    html = draw("{% field form.name %}", form=form)
    assert 'aria-describedby="id_name-hint id_name-error"' in html
    assert 'aria-invalid="true"' in html
    assert draw("{% title_prefix %}", form=form) == "Error: "
    assert draw("{% title_prefix %}", form=SampleForm()) == ""


def test_typed_text_stays_in_the_field():
    form = SampleForm(data={"name": "Ons <b>", "phase": "b", "themes": ["y"], "consent": "on"})
    page = Page(draw("{% form_fields form %}", form=form))
    values = {(attrs["name"], attrs["value"]) for attrs in page.all("input") if "checked" in attrs}
    assert values == {("phase", "b"), ("themes", "y"), ("consent", "on")}
    assert [attrs["value"] for attrs in page.all("input") if attrs["name"] == "name"] == ["Ons <b>"]


def test_choice_group_sets_dont_know_apart_and_counts():
    choices = [Choice("1", "Eens", count=3), Choice("dk", "Weet ik niet", apart=True)]
    assert "scale__apart" in draw("{% choice_group 's' 'Stelling' choices scale=True %}", choices=choices)
    assert "(3)" in draw("{% choice_group 's' 'Filter' choices multiple=True %}", choices=choices)


def test_pager_keeps_the_rest_of_the_query():
    page = Paginator(range(100), 10).page(2)
    html = draw("{% pager page %}", path="/collectieven/?regio=NL-UT&pagina=2&regio=BE-VAN", page=page)
    hrefs = [attrs["href"] for attrs in Page(html).all("a")]
    assert "?regio=NL-UT&regio=BE-VAN&pagina=3" in hrefs
    assert "?regio=NL-UT&regio=BE-VAN" in hrefs
    assert draw("{% pager page %}", page=Paginator(range(3), 10).page(1)).strip() == ""


@pytest.mark.parametrize(
    ("path", "language", "expected"),
    [
        ("/collectieven/?q=a", "en", "/en/collectieven/?q=a"),
        ("/en/collectieven/?q=a", "nl", "/collectieven/?q=a"),
        ("/en/", "nl", "/"),
        ("/", "en", "/en/"),
        ("/energie/", "en", "/en/energie/"),
    ],
)
def test_translate_path_leads_to_the_same_page(path, language, expected):
    assert draw("{% translate_path '" + language + "' %}", path=path) == expected.replace("&", "&amp;")


def test_header_leads_back_after_signing_in_and_holds_no_form():
    html = draw("{% site_header %}{% site_footer %}", path='/over/?a=1&b="><script>')
    assert "<form" not in html
    assert "<script>" not in html
    assert "/en/over/" in html
    assert "%%" not in html


def test_base_template_has_one_main_and_a_skip_link_to_it():
    html = draw("{% extends 'base.html' %}{% block title %}Proef{% endblock %}")
    page = Page(html)
    assert [attrs["id"] for attrs in page.all("main")] == ["main"]
    assert page.all("a")[0]["href"] == "#main"
    assert "<title>Proef – CollectieveKracht</title>" in html
    assert [attrs for attrs in page.all("script") if "src" not in attrs] == []


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "410", "429", "500"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_error_pages_draw_without_a_request(name, language):
    from django.template.loader import render_to_string

    with override(language):
        html = render_to_string(f"{name}.html")
    assert html.count("<h1") == 1
    assert f'<html lang="{language}">' in html


def test_dates_and_numbers_read_as_in_the_language():
    with override("nl"):
        assert day(date(2026, 12, 3)) == "3 december 2026"
        assert weekday(date(2026, 12, 29)) == "dinsdag 29 december 2026"
        assert moment(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == "2 juli 2026, 00.30 uur"
        assert number(1250) == "1.250"
        assert number(0.456, 1) == "0,5"
    with override("en"):
        assert day(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == "1 January 2027"
        assert clock(datetime(2026, 7, 1, 12, 5, tzinfo=UTC)) == "14:05"
        assert number(1250) == "1,250"
    assert day(None) == number(None) == clock(None) == ""


def test_explanations_on_a_page_each_have_their_own_id():
    page = Page(draw("{% explain 'a' 'b' %}{% explain 'a' 'b' %}{% explain 'c' 'd' block=True %}"))
    assert page.ids == ["explained-1", "explained-2"]
    assert [attrs["popovertarget"] for attrs in page.all("button")] == page.ids
    assert len(page.all("details")) == 1


def test_share_links_are_plain_links_and_the_copy_button_waits_for_a_script(settings):
    settings.SITE_URL = "https://example.org"
    page = Page(draw("{% share_links '/collectieven/a/?b=1&c' 'Zon & wind' %}"))
    encoded = "https%3A%2F%2Fexample.org%2Fcollectieven%2Fa%2F%3Fb%3D1%26c"
    assert [attrs["href"] for attrs in page.all("a")] == [
        f"mailto:?subject=Zon%20%26%20wind&body={encoded}",
        f"https://wa.me/?text=Zon%20%26%20wind%20{encoded}",
        f"https://www.linkedin.com/sharing/share-offsite/?url={encoded}",
    ]
    (button,) = page.all("button")
    assert button["data-copy"] == "https://example.org/collectieven/a/?b=1&c"
    assert "hidden" in button
