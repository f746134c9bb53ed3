"""Periodic reports: indicators of a month or a year with analysis, recommendations and measures, signed and published."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _l

    from civic import links, timeline
    from civic.activity.registry import Told, register_told
    from civic.content import sitemap
    from civic.jobs import Job, register_job
    from civic.navigation import NavLink, add_link, add_panel
    from civic.policy import Action
    from civic.reports import (
        labels,
        letters,
        opendata,
        own,
        panels,
        presenters,
        printed,
        queries,
        service,
        signing_views,
        staff_views,
        views,
    )
    from civic.reports.models import PeriodicReport
    from civic.search.registry import Searched, register_searched

    own.register()
    opendata.register()
    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
    app.register_blueprint(signing_views.blueprint)
    register_job(app, Job("reports.print", printed.make_due, seconds=60))
    register_job(app, Job("reports.forget_prints", printed.forget_strays, hour=4, minute=45))
    register_job(app, Job("reports.remind", letters.remind, hour=8, minute=20))
    timeline.register_events(labels.EVENTS)
    register_told(
        Told(service.KIND, _l("Periodic reports"), PeriodicReport, lambda: PeriodicReport.edition > 0, 75)
    )
    links.register_subject(service.KIND, presenters.resolve)
    register_searched(Searched(service.KIND, _l("Periodic reports"), queries.having_words, 66))
    sitemap.add_section(app, sitemap.listed("reports", presenters.sitemap_entries))
    add_link(app, "footer", NavLink(_l("Periodic reports"), "reports.index", 41))
    add_link(app, "track", NavLink(_l("Periodic reports"), "reports.index", 50))
    add_link(app, "staff", NavLink(_l("Periodic reports"), "reports_staff.index", 63, Action.VIEW_REPORTS))
    add_panel(app, "staff.home", panels.staff_home)
