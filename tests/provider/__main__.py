"""Starts the provider: its tables, its clients, its people, and a server on a free port, which it prints."""

import json
import os
import socketserver
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application


class Threaded(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Silent(WSGIRequestHandler):
    def log_message(self, *args):
        pass


def main():
    django.setup()
    from allauth.idp.oidc.models import Client
    from django.contrib.auth import get_user_model

    call_command("migrate", verbosity=0)
    for sub in json.loads(os.environ["PROVIDER_PEOPLE"]):
        get_user_model().objects.create_user(sub)
    for one in json.loads(os.environ["PROVIDER_CLIENTS"]):
        client = Client(id=one["id"], name=one["id"])
        client.set_secret(one["secret"])
        client.set_redirect_uris(one["redirects"])
        client.set_scopes(["openid", "profile", "email"])
        client.save()
    server = make_server("127.0.0.1", 0, get_wsgi_application(), Threaded, Silent)
    print(server.server_port, flush=True)
    server.serve_forever()


main()
