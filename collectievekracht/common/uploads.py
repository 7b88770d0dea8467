"""Files that people send: what is far too large is dropped while it comes in, and kept nowhere."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

READ_ON_UNTIL = 200_000_000  # so far the rest is read and forgotten, so that the browser hears what was wrong


class BoundedUpload(FileUploadHandler):
    """Stands before the other handlers: of a request over UPLOAD_MAX_BYTES no file is kept, only the fields before it.

    The form says so when it asks `was_too_large`.
    """

    size = 0

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 -- Django calls it by name
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        self.size = content_length

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.size > settings.UPLOAD_MAX_BYTES:
            if self.request is not None:
                self.request._upload_too_large = True  # type: ignore[attr-defined]
            raise StopUpload(connection_reset=self.size > READ_ON_UNTIL)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def was_too_large(request: HttpRequest) -> bool:
    """Whether a file of this request was dropped because of its size."""
    request.POST  # noqa: B018 -- reads what was sent
    return getattr(request, "_upload_too_large", False)
