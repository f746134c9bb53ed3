"""The long texts of questionnaires: grouped under themes by people, answered by theme, told to those who asked."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _l

    from civic import navigation, tasks
    from civic.jobs import Job, register_job
    from civic.staff import describe_task
    from consultations import gates
    from consultations.contributions import answering, listing
    from consultations.texts import (
        hiding_views,
        jobs,
        models,  # noqa: F401
        moderated,
        panels,
        putting,
        queries,
        staff_views,
        telling,
        views,
    )

    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
    app.register_blueprint(hiding_views.blueprint)
    moderated.register_kinds()
    gates.register_gate(panels.gate)
    answering.also_tell(telling.tell_followers)
    listing.also_count(queries.count_by_theme)
    navigation.add_panel(app, "staff.consultation", panels.of_staff)
    navigation.add_panel(app, "staff.theme", panels.of_theme)
    register_job(app, Job("texts", jobs.work, seconds=60))
    register_job(app, Job("texts.forget", jobs.forget, hour=4, minute=5))
    tasks.register_handler(queries.COMPARE, jobs.compare)
    tasks.register_handler(queries.PUT, putting.put)
    describe_task(queries.PUT, _l("Putting texts under a theme"), panels.put)
    describe_task(queries.COMPARE, _l("Comparing the texts of questionnaires"), panels.compared)
