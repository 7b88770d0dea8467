"""Structured logs without personal data: JSON lines on standard output.

An event holds names of routes, tasks and errors, ids and durations; never an address, a token, an answer or the
text of an exception (which may quote any of them). Settings import this module, so it imports no Django.
"""

import logging
import re
import sys
import traceback
from typing import Any

import structlog

_SECRETS = re.compile(r"[^\s@/]+@[^\s@/]+|(?<=/)[A-Za-z0-9_-]{16,}|(?<=zelfscan/)[^/\s]+")


def _without_exception_text(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    """Turn exc_info into the error's class and the places it passed: messages may quote what people typed."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    if isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if info and info[0]:
        event["error"] = info[0].__name__
        frames = traceback.extract_tb(info[2])[-8:]
        event["at"] = [f"{frame.filename.rsplit('/', 2)[-1]}:{frame.lineno} {frame.name}" for frame in frames]
    return event


def _without_addresses(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    """The last guard, for lines of libraries: mail addresses and long tokens in the text are struck out."""
    text = event.get("event")
    if isinstance(text, str):
        event["event"] = _SECRETS.sub("…", text)
    return event


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _without_exception_text,
    _without_addresses,
]

STRUCTLOG: dict[str, Any] = {
    "processors": [
        structlog.stdlib.filter_by_level,
        *_SHARED,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    "logger_factory": structlog.stdlib.LoggerFactory(),
    "wrapper_class": structlog.stdlib.BoundLogger,
    "cache_logger_on_first_use": True,
}


class _NoQuotedPath(logging.Filter):
    """Django's lines about a request quote its path, which may hold a token: keep the status only."""

    def filter(self, record: logging.LogRecord) -> bool:
        status = getattr(record, "status_code", None)
        record.msg, record.args = f"{record.name} {status or ''}".strip(), ()
        return True


def config(*, debug: bool) -> dict[str, Any]:
    """The LOGGING setting: everything of WARNING and up, our own lines from INFO, as one JSON object a line."""
    renderer: Any = (
        structlog.dev.ConsoleRenderer(colors=False) if debug else structlog.processors.JSONRenderer()
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    _without_exception_text,
                    renderer,
                ],
            },
            "as_it_is": {"format": "%(message)s"},
        },
        "filters": {"no_quoted_path": {"()": _NoQuotedPath}},
        "handlers": {
            "lines": {"class": "logging.StreamHandler", "formatter": "lines"},
            "ready_made": {"class": "logging.StreamHandler", "formatter": "as_it_is"},
            "requests": {
                "class": "logging.StreamHandler",
                "formatter": "lines",
                "filters": ["no_quoted_path"],
            },
        },
        "root": {"handlers": ["lines"], "level": "WARNING"},
        "loggers": {
            "collectievekracht": {"level": "INFO"},
            "collectievekracht.requests": {"handlers": ["ready_made"], "level": "INFO", "propagate": False},
            "django.request": {"handlers": ["requests"], "level": "ERROR", "propagate": False},
            "django.security": {"handlers": ["requests"], "level": "WARNING", "propagate": False},
            "django.server": {"handlers": ["requests"], "level": "ERROR", "propagate": False},
            "celery": {"level": "WARNING"},
            # Its lines at INFO name tasks with their arguments; its errors quote exceptions. We log both ourselves.
            "celery.app.trace": {"level": "CRITICAL"},
        },
    }
