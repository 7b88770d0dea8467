"""Makes a database ready for the code that stands here."""

from django.apps import apps
from django.core.management import call_command


def prepare(*, demonstration: bool = False) -> None:
    """Migrate, load the instrument and the texts to begin with; with `demonstration`, fill a platform that is still empty."""
    call_command("migrate", interactive=False, verbosity=1)
    call_command("load_instrument")
    call_command("load_texts")
    if demonstration and not apps.get_model("members", "Collective").objects.exists():
        call_command("demo", collectives=250, seed=1)
