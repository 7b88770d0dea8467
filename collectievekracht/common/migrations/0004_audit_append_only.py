from django.db import migrations

REFUSE = """
CREATE FUNCTION common_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit trail is only ever added to.' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON common_auditevent
    FOR EACH ROW EXECUTE FUNCTION common_refuse_change();
"""
ALLOW = """
DROP TRIGGER audit_append_only ON common_auditevent;
DROP FUNCTION common_refuse_change();
"""


class Migration(migrations.Migration):
    """The database refuses to change or delete an audit event, whoever asks."""

    dependencies = [("common", "0003_cache_table")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
