from django.db import migrations

REFUSE = """
CREATE TRIGGER audit_not_emptied BEFORE TRUNCATE ON common_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION common_refuse_change();
"""
ALLOW = "DROP TRIGGER audit_not_emptied ON common_auditevent;"


class Migration(migrations.Migration):
    """The database refuses to empty the audit trail at once, too."""

    dependencies = [("common", "0004_audit_append_only")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
