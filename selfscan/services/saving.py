"""Saves of one rendered form: the same browser saves while somebody types and when they go on, and is nobody else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from collectievekracht.common.models import FormKey
from selfscan.instrument import Question
from selfscan.models import Response
from selfscan.services.responses import Saved, save_page


def _scope(response: Response, section: str) -> str:
    return f"selfscan.page:{response.pk}:{section}"


@transaction.atomic
def save_form(
    key: UUID | None,
    response: Response,
    *,
    version: int,
    section: str,
    questions: tuple[Question, ...],
    data: Mapping[str, Any],
    language: str,
) -> Saved:
    """As `save_page`, and remember that the form with this key made the version."""
    saved = save_page(
        response, version=version, section=section, questions=questions, data=data, language=language
    )
    if key:
        FormKey.objects.bulk_create(
            [FormKey(key=key, scope=_scope(response, section), answer={"version": saved.version})],
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["answer"],
        )
    return saved


def saved_by(key: UUID | None, response: Response, section: str) -> bool:
    """Whether the row as it stands was saved by this section's form with this key."""
    if key is None:
        return False
    made = FormKey.objects.filter(
        key=key, scope=_scope(response, section), answer={"version": response.version}
    )
    return made.exists()
