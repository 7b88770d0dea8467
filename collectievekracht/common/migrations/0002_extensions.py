from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations


class Migration(migrations.Migration):
    """What search and likeness of names need from the database; the apps that use it depend on this."""

    dependencies = [("common", "0001_initial")]
    operations = [TrigramExtension(), UnaccentExtension()]
