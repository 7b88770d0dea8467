"""The platform's own addresses, and two of the probe."""

from django.db import connection, transaction
from django.http import JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from collectievekracht.common import form_keys, outbox
from collectievekracht.urls import urlpatterns as own


@csrf_exempt
def complete(request):
    """Completes one piece of work: a row and its promise, once per form key."""

    def act():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO probe_work (seconds) VALUES (%s) RETURNING id", [request.POST["seconds"]]
            )
            pk = cursor.fetchone()[0]
            outbox.promise(request.POST.get("task", "probe.build"), pk)
        return pk

    return JsonResponse({"pk": form_keys.run_once(request.POST.get("form_key"), act, scope="probe")})


def read(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM probe_work")
        return JsonResponse({"count": cursor.fetchone()[0]})


urlpatterns = [path("probe/complete/", complete), path("probe/read/", read), *own]
