"""The style page is for the team only."""

import pytest

from members.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("staff", "status"), [(True, 200), (False, 404), (None, 404)])
def test_style_guide_exists_for_staff_only(client, staff, status):
    if staff is not None:
        client.force_login(User.objects.create(email="iemand@example.org", is_staff=staff))
    assert client.get("/stijlgids/").status_code == status


def test_style_guide_shows_each_component_once_with_valid_ids(client):
    client.force_login(User.objects.create(email="team@example.org", is_staff=True))
    html = client.get("/stijlgids/").content.decode()
    for part in (
        "error-summary",
        "task",
        "pager",
        "flower",
        "bars",
        "choices",
        "scale",
        "table",
        "empty",
        "note",
    ):
        assert f'class="{part}' in html
    assert "style=" not in html
    assert html.count("<h1") == 1
