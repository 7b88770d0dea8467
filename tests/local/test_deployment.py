"""No container engine runs here: the files for a real server are held against what the project really has."""

import ast
import re
import shlex
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from collectievekracht import gunicorn
from collectievekracht.local import postgres, services
from collectievekracht.local.processes import PREPARE, PROCESSES

ROOT = Path(settings.BASE_DIR)
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text()
NOT_SETTINGS = {"PATH", "MAKELEVEL", "DJANGO_SETTINGS_MODULE"}
READERS = {"env", "environ"}


def names_read() -> set[str]:
    """Every name that the code asks of its environment."""
    names = set(services.NAMES)
    for file in (ROOT / "collectievekracht").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                asked = ast.unparse(node.func)
                if asked == "secret" or READERS & set(asked.split(".")):
                    names.add(node.args[0].value)
    names |= set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    return {name for name in names if re.fullmatch("[A-Z][A-Z_]+", str(name))} - NOT_SETTINGS


def test_env_example_documents_exactly_the_settings():
    documented = re.findall(r"^(?:# )?([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert len(documented) == len(set(documented))
    assert set(documented) == names_read()


@pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.name)
def test_compose_starts_what_make_run_starts(process):
    service = COMPOSE["services"][process.name]
    assert shlex.split(service["command"]) == shlex.split(process.command)
    assert service["environment"].items() >= process.environment.items()
    assert service["env_file"] == ".env"
    assert service["restart"] == "unless-stopped"
    assert service["depends_on"]["prepare"]["condition"] == "service_completed_successfully"
    assert service["depends_on"]["postgres"]["condition"] == "service_healthy"
    assert "/data" in {volume.split(":")[1] for volume in service["volumes"]}


def test_compose_prepares_once_without_demonstration_data():
    assert COMPOSE["services"]["prepare"]["command"] == PREPARE


def test_compose_has_no_other_services():
    ours = {process.name for process in PROCESSES} | {"prepare", "postgres", "redis"}
    assert set(COMPOSE["services"]) == ours


def test_compose_services_can_be_asked_how_they_are():
    for name, service in COMPOSE["services"].items():
        if name == "web":
            assert re.search(r'^HEALTHCHECK .*"healthy"\]$', DOCKERFILE, re.MULTILINE)
        elif name != "prepare":
            assert service["healthcheck"]["test"]


def test_compose_keeps_data_and_shows_only_the_web_to_this_machine():
    for name in ("postgres", "redis"):
        volume, _ = COMPOSE["services"][name]["volumes"][0].split(":", 1)
        assert volume in COMPOSE["volumes"]
    published = {
        name: service["ports"] for name, service in COMPOSE["services"].items() if "ports" in service
    }
    assert published == {"web": ["127.0.0.1:8000:8000"]}


def test_compose_broker_survives_a_restart_and_drops_nothing():
    command = COMPOSE["services"]["redis"]["command"]
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command


def test_compose_database_logs_no_statements():
    command = COMPOSE["services"]["postgres"]["command"]
    assert command == " ".join(["postgres", *(f"-c {setting}" for setting in postgres.QUIET)])


def test_image_runs_the_web_as_an_unprivileged_user():
    web = next(process for process in PROCESSES if process.name == "web")
    last_stage = DOCKERFILE.rpartition("\nFROM ")[2]
    assert "\nUSER platform\n" in last_stage
    assert ast.literal_eval(re.search(r"^CMD (.+)$", last_stage, re.MULTILINE)[1]) == shlex.split(web.command)
    assert "requirements-dev" not in DOCKERFILE
    assert "libpangoft2-1.0-0" in last_stage


def test_files_that_the_image_copies_exist_and_secrets_stay_out():
    for source in re.findall(r"^COPY (\S+) ", DOCKERFILE, re.MULTILINE):
        assert source.startswith("--from") or (ROOT / source).exists()
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert ".*" in ignored  # .env, .data, .venv and .git


def test_connections_fit_in_the_database():
    """L6: at most 80 % of PostgreSQL's 100, with each process of a worker counted."""
    most_web = 8 * gunicorn.threads
    children = sum(
        int(re.search(r"--concurrency (\d+)", process.command)[1]) + 1
        for process in PROCESSES
        if "worker " in process.command
    )
    assert gunicorn.workers * gunicorn.threads <= most_web
    assert most_web + children + 1 <= 80
