"""Decisions of the council as other features point at them: number, day, subject, and what they change.

Features add what a decision did to its page with `add_panel(app, "decision", provider)`.
"""

from flask import Flask, url_for


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _l

    from civic import links, tags, timeline
    from civic.activity.registry import Told, register_told
    from civic.content import sitemap
    from civic.decisions import importing, labels, opendata, presenters, queries, staff_views, views
    from civic.decisions.models import CouncilDecision
    from civic.imports.datasets import register_dataset
    from civic.navigation import NavLink, add_link, add_panel
    from civic.policy import Action
    from civic.search.registry import Searched, register_searched

    opendata.register()
    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
    timeline.register_events(labels.SENTENCES)
    tags.register_sentences(presenters.KIND)
    register_dataset(app, importing.DATASET)
    links.register_subject(presenters.KIND, presenters.resolve)
    register_searched(Searched(presenters.KIND, _l("Decisions"), queries.having_words, 60, "decisions.index"))
    register_told(
        Told(
            presenters.KIND,
            _l("Decisions"),
            CouncilDecision,
            lambda: queries.PUBLIC,
            60,
            dimension="dimension",
        )
    )
    add_link(app, "footer", NavLink(_l("Decisions"), "decisions.index", position=42))
    add_link(app, "track", NavLink(_l("Decisions"), "decisions.index", 40))
    add_link(app, "staff", NavLink(_l("Decisions"), "decisions_staff.index", 61, Action.MANAGE_COUNCIL))
    add_panel(app, "consultation", presenters.consultation)
    sitemap.add_section(
        app,
        sitemap.numbered(
            "decisions", queries.list_changes, lambda row: url_for("decisions.show", decision_id=row.id)
        ),
    )
