"""Counting again on demand: a contest of the results has the stored ballots counted once more, and compared."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the subject to the application."""
    from flask_babel import lazy_gettext as _l

    from civic import staff, tasks
    from voting.recounts import views, work

    tasks.register_handler(work.KIND, work.recount)
    staff.describe_task(work.KIND, _l("Counting the ballots again for a contest"), views.answer_link)
