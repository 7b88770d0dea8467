"""Sent scans that wait for the team's decision, made by the services that do it for real."""

from selfscan import publication
from selfscan.models import Response
from selfscan.services import begin_response, complete_response
from tests.factories.scans import example

PLACE = {"name": "Ede", "geonames_id": 2756429, "region": "NL-GE"}


def waiting_scan(code="example_energy", **answers):
    """A scan that was sent and published into the queue; needs the fixture `instrument`."""
    response = begin_response("nl")
    typed = example(code, **({"place": PLACE, "country": "nl"} | answers))
    Response.objects.filter(pk=response.pk).update(answers=typed)
    response.refresh_from_db()
    completion = complete_response(response)
    assert completion.done, completion.problems
    response.refresh_from_db()
    publication.publish_response(response.pk, str(response.version))
    return Response.objects.select_related("instrument", "collective").get(pk=response.pk)
