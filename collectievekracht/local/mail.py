"""Mail as files, to read what would have been sent."""

import secrets
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone


class EmlBackend(BaseEmailBackend):
    """Writes each mail as one `.eml` in `EMAIL_FILE_PATH`, named by its moment; a file that is there is whole."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """The number of mails written."""
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{timezone.now():%Y%m%d-%H%M%S-%f}-{secrets.token_hex(3)}.eml"
            temporary = folder / f".{name}"
            temporary.write_bytes(message.message().as_bytes())
            temporary.rename(folder / name)
        return len(email_messages)
