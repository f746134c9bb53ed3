"""Questionnaires of a consultation: written in steps, answered apart from names, counted, exported."""

from typing import Any

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _l

    from civic import navigation, tasks
    from civic.files import policy as files
    from civic.jobs import Job, register_job
    from civic.staff import describe_task
    from consultations.questionnaires import (
        export,
        jobs,
        models,  # noqa: F401
        panels,
        paper_views,
        queries,
        results_views,
        staff_views,
        views,
    )

    for module in (views, results_views, staff_views, paper_views):
        app.register_blueprint(module.blueprint)
    navigation.add_panel(app, "consultation", panels.of_consultation)
    navigation.add_panel(app, "staff.consultation", panels.of_staff)
    files.keep_back(queries.is_of_unsent)
    register_job(app, Job("questionnaires", jobs.work, seconds=60))
    register_job(app, Job("questionnaires_moderated", jobs.ask_moderators, seconds=60))
    register_job(app, Job("questionnaires_tidy", jobs.tidy, hour=4, minute=20))
    tasks.register_handler(queries.EXPORT_KIND, export.handle)
    describe_task(queries.EXPORT_KIND, _l("Export of the answers"), _exported)


def _exported(task: Any) -> tuple[object, str] | None:
    from flask import url_for
    from flask_babel import gettext as _

    if not task.result.get("key"):
        return None
    values = {name: task.params[name] for name in ("consultation", "questionnaire")}
    return _("Download the file"), url_for(
        "staff_questionnaire_sheet.download",
        consultation_id=values["consultation"],
        questionnaire_id=values["questionnaire"],
        task_id=task.id,
    )
