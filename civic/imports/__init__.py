"""Bringing data in from tables that the city hall already has: matched, looked over row by row, then loaded.

A feature offers its tables with `datasets.register_dataset`; `service.load_at_once` loads a file without a person.
"""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask import url_for
    from flask_babel import lazy_gettext as _l

    from civic import tasks, timeline
    from civic.activity.registry import Told, register_told
    from civic.imports import models, panels, service, views, work
    from civic.links import register_subject
    from civic.navigation import NavLink, add_link, add_panel
    from civic.policy import Action
    from civic.staff import describe_task

    app.register_blueprint(views.blueprint)
    tasks.register_handler(service.TASK, work.handle)
    describe_task(
        service.TASK,
        _l("The rows of a file"),
        lambda task: (_l("See the report"), url_for("imports.show", import_id=task.result["import"])),
    )
    timeline.register_events(
        {"data_import.loaded": _l("Brought in from “%(source)s”. New rows: %(fresh)s, changed: %(changed)s.")}
    )
    register_subject(models.KIND, panels.resolve)
    register_told(
        Told(
            models.KIND,
            _l("Data brought in"),
            models.DataImport,
            lambda: models.DataImport.state == "loaded",
            90,
        )
    )
    add_panel(app, "staff.home", panels.staff_home)
    add_link(app, "staff", NavLink(_l("Bring data in"), "imports.index", 62, Action.IMPORT_DATA))
