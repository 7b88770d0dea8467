"""What the machinery announces; whoever knows what to do about it listens."""

from django.dispatch import Signal

promise_failed = Signal()  # promise: Promise; sent in the transaction that gives it up
