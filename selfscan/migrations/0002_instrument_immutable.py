"""A stored instrument never changes: the database itself refuses it."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION selfscan_instrument_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published instrument never changes' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER instrument_immutable BEFORE UPDATE ON selfscan_instrument
    FOR EACH ROW EXECUTE FUNCTION selfscan_instrument_is_immutable();
"""
BACKWARD = """
DROP TRIGGER instrument_immutable ON selfscan_instrument;
DROP FUNCTION selfscan_instrument_is_immutable();
"""


class Migration(migrations.Migration):
    dependencies = [("selfscan", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
