import time
import uuid

import pytest
from django import forms

from collectievekracht.common import form_keys
from collectievekracht.common.models import FormKey

pytestmark = pytest.mark.django_db


def test_a_repeat_gets_the_first_answer():
    made = []
    key = form_keys.new()
    answers = [form_keys.run_once(key, lambda: made.append(1) or {"pk": 5}) for _ in range(3)]
    assert answers == [{"pk": 5}] * 3
    assert made == [1]


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_act_once_and_get_the_same_answer(at_once):
    made = []

    def act():
        time.sleep(0.05)
        made.append(1)
        return len(made)

    key = form_keys.new()
    assert at_once(lambda _: form_keys.run_once(key, act), 10, threads=10) == [1] * 10
    assert made == [1]


@pytest.mark.django_db(transaction=True)
def test_what_failed_may_be_sent_again():
    key = form_keys.new()

    def fail():
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        form_keys.run_once(key, fail)
    assert not FormKey.objects.exists()
    assert form_keys.run_once(key, lambda: 1) == 1


def test_none_is_an_answer_too():
    made = []
    key = form_keys.new()
    for _ in range(2):
        assert form_keys.run_once(key, lambda: made.append(1)) is None
    assert made == [1]


@pytest.mark.parametrize("key", [None, "", "x", "1; drop table", "\0"])
def test_without_a_usable_key_it_simply_acts(key):
    assert form_keys.run_once(key, lambda: 1) == 1
    assert not FormKey.objects.exists()


def test_another_scope_does_not_get_the_answer():
    key = form_keys.new()
    assert form_keys.run_once(key, lambda: 1, scope="user 1") == 1
    assert form_keys.run_once(key, lambda: 2, scope="user 2") == 2
    assert form_keys.run_once(key, lambda: 3, scope="user 1") == 1


def test_other_words_in_the_same_form_are_another_act():
    given = {"form_key": uuid.uuid4(), "email": "a@example.org", "choices": ["x"]}
    keys = [
        form_keys.of(one)
        for one in (
            given,
            dict(given),
            given | {"email": "b@example.org"},
            given | {"form_key": uuid.uuid4()},
        )
    ]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


def test_field_renders_a_new_key_each_time_and_reads_any():
    class Form(forms.Form):
        form_key = form_keys.FormKeyField()

    one, other = (uuid.UUID(str(Form()["form_key"].value())) for _ in range(2))
    assert one != other
    form = Form({"form_key": str(one)})
    assert form.is_valid()
    assert form.cleaned_data["form_key"] == one
    assert Form({"form_key": "\0x"}).is_valid()
