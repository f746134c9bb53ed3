"""Council meetings and workshops: announced with their agenda, in everybody's calendar, with their minutes after."""

from flask import Flask, url_for


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _l

    from civic import links, timeline
    from civic.activity.registry import Told, register_told
    from civic.content import sitemap
    from civic.deadlines import Deadline, register_deadlines
    from civic.files import policy as files
    from civic.navigation import NavLink, add_link, add_panel
    from civic.policy import Action
    from civic.search.registry import Searched, register_searched
    from consultations.meetings import labels, panels, presenters, queries, rules, service, staff_views, views
    from consultations.meetings.models import Meeting

    register_deadlines(
        Deadline(rules.ORDINARY, _l("Announcing an ordinary council meeting, before its day")),
        Deadline(rules.EXTRAORDINARY, _l("Announcing an extraordinary council meeting, before its day")),
        Deadline(rules.OPEN, _l("Announcing another open meeting or a workshop, before its day")),
        Deadline(rules.MINUTES, _l("The minutes of a meeting, after it"), hour=18),
    )
    files.keep_back(queries.is_of_draft)
    timeline.register_events(labels.SENTENCES)
    links.register_subject(service.KIND, presenters.resolve)
    register_searched(Searched(service.KIND, _l("Meetings and workshops"), queries.having_words, 75))
    register_told(
        Told(
            service.KIND,
            _l("Meetings and workshops"),
            Meeting,
            queries.is_public,
            25,
            area="neighbourhood_id",
        )
    )
    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
    add_link(app, "footer", NavLink(_l("Meetings and workshops"), "meetings.index", position=37))
    add_link(
        app, "staff",
        NavLink(_l("Meetings and workshops"), "staff_meetings.index", 47, Action.VIEW_CONSULTATIONS),
    )  # fmt: skip
    sitemap.add_section(
        app,
        sitemap.numbered(
            "meetings", queries.list_changes, lambda row: url_for("meetings.show", meeting_id=row.id)
        ),
    )
    add_panel(app, "home.today", panels.home_today)
    add_panel(app, "neighbourhood", panels.neighbourhood)
    add_panel(app, "consultation", panels.consultation)
    add_panel(app, "staff.home", panels.staff_home)
