import io
import json
import logging
import logging.config

import pytest
import structlog

from collectievekracht.common import logging as log_setup

SECRETS = ("someone@example.org", "Tr0ub4dor-and-3", "Wij verdienen 5 euro", "aB3dE6gH9jK2mN5pQ8")


@pytest.fixture
def output(settings):
    stream = io.StringIO()
    config = log_setup.config(debug=False)
    for handler in config["handlers"].values():
        handler["stream"] = stream
    logging.config.dictConfig(config)
    yield stream
    logging.config.dictConfig(settings.LOGGING)


def test_a_line_is_json_without_the_text_of_an_exception(output):
    log = structlog.get_logger("collectievekracht.test_logging")
    try:
        raise ValueError(" ".join(SECRETS))
    except ValueError as error:
        log.warning("it_broke", task="a", exc_info=error)
        logging.getLogger("some.library").exception("It broke")
    for text in output.getvalue().splitlines():
        line = json.loads(text)
        assert line["error"] == "ValueError"
        assert "test_logging.py" in line["at"][-1]
    for secret in SECRETS:
        assert secret not in output.getvalue()


def test_addresses_and_tokens_are_struck_from_the_lines_of_others(output):
    logging.getLogger("some.library").warning("Mail to %s at /zelfscan/%s/x/", SECRETS[0], SECRETS[3])
    assert "Mail to" in output.getvalue()
    assert SECRETS[0] not in output.getvalue()
    assert SECRETS[3] not in output.getvalue()


def test_a_line_about_a_request_keeps_its_status_only(output):
    logging.getLogger("django.request").error(
        "Internal Server Error: %s", "/zelfscan/geheim/", extra={"status_code": 500}
    )
    assert "geheim" not in output.getvalue()
    assert "500" in output.getvalue()
