"""What the scheduler sends exists, and what must happen by itself is on its list."""

from collectievekracht.celery import app


def test_every_scheduled_task_is_a_task_and_none_is_missing():
    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert scheduled == {
        "common.prune",
        "common.sweep",
        "labs.keep_confirmed",
        "members.ask_still_right",
        "members.erase_due",
        "members.expire_copies",
        "members.forget_letters",
        "members.forget_notifications",
        "members.mail_digests",
        "members.mind_accounts",
        "members.refresh_map_grid",
        "members.remind_admins",
        "newsletter.forget_unconfirmed",
        "pages.forget_receipts",
        "selfscan.forget_drafts",
        "selfscan.freeze_quarter",
        "selfscan.invite_repeats",
        "selfscan.refresh_traits",
    }
    assert scheduled <= set(app.tasks)
