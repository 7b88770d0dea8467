"""What members tells to whoever listens above: sent inside the transaction of the act."""

from django.dispatch import Signal

# `collective`: its page goes, and its people leave; whoever keeps answers of it strips what names it.
collective_closing = Signal()
# `collective`: somebody spoke for it and no longer does: they left, were sent away, or became a colleague.
representative_gone = Signal()
# `collective`: it was let in, for the first time.
collective_let_in = Signal()
# `user_id`: what a person shows of themselves, or to whom, is different now; pages that are kept whole are drawn anew.
person_changed = Signal()
