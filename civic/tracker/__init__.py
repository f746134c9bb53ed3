"""Deliveries: what became of what was decided, with its dates, its money and its reasons."""

from flask import Flask, url_for
from flask_babel import lazy_gettext as _l


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from sqlalchemy import true

    from civic import links, timeline
    from civic.activity.registry import Told, register_told
    from civic.content import sitemap
    from civic.embeds import register_widget
    from civic.imports.datasets import register_dataset
    from civic.navigation import NavLink, add_link, add_panel
    from civic.policy import Action
    from civic.search.registry import Searched, register_searched
    from civic.text import render_plain
    from civic.tracker import (
        asking,
        checks,
        funds,
        importing,
        opendata,
        panels,
        queries,
        service,
        staff_views,
        views,
        widgets,
    )
    from civic.tracker.models import Delivery

    opendata.register()
    asking.register()
    register_widget("delivery", widgets.make)
    funds.register(app)
    checks.register(app)
    app.jinja_env.filters.setdefault("plain", render_plain)
    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
    links.register_subject(service.KIND, service.resolve)
    register_searched(Searched(service.KIND, _l("Deliveries"), None, 50, "tracker.index", queries.searched))
    register_told(
        Told(
            service.KIND, _l("Works and projects"), Delivery, true, 40,
            area="neighbourhood_id", department="department_id", always="services",
        )
    )  # fmt: skip
    register_dataset(app, importing.DATASET)
    timeline.register_events(
        {
            "delivery.created": _l("We began to follow this work"),
            "delivery.imported": _l("Taken over from the city hall's public report"),
            "delivery.corrected": _l("The facts on this page were corrected"),
            "delivery.paid": _l("The amount paid so far was updated"),
            "delivery.recovered": _l("Money that had been paid came back"),
            "delivery.contracted": _l("The contracted amount was updated"),
            "delivery.document_added": _l("New document: %(title)s"),
            "delivery.budget_revised": _l("The budget was revised"),
            "delivery.milestone_reached": _l("Step reached: %(step)s"),
            "delivery.milestone_moved": _l("New date for the step: %(step)s"),
            "delivery.in_evaluation": _l("Stage: in evaluation"),
            "delivery.in_clarification": _l("Stage: in clarification"),
            "delivery.in_preparation": _l("Stage: in preparation"),
            "delivery.contract_signed": _l("Stage: contract signed"),
            "delivery.in_design": _l("Stage: in design"),
            "delivery.in_procurement": _l("Stage: in procurement"),
            "delivery.in_execution": _l("Stage: in execution"),
            "delivery.in_reception": _l("Stage: in hand-over"),
            "delivery.received": _l("Stage: received"),
            "delivery.halted": _l("Stage: halted"),
            "delivery.awaiting_funds": _l("Stage: awaiting funds"),
            "delivery.completed": _l("Stage: completed"),
            "delivery.other": _l("Another stage"),
            "delivery.cancelled": _l("Cancelled"),
        }
    )
    about_money = (
        "tracker.", "tracker_checks.", "budget.", "purchases.", "decisions.", "volumes.", "activity.",
        "council.", "indicators.", "reports.", "opendata.",
    )  # fmt: skip
    add_link(app, "header", NavLink(_l("Track"), "tracker.index", position=60, prefix=about_money))
    add_link(app, "track", NavLink(_l("Works and projects"), "tracker.index", 10))
    add_link(
        app, "staff", NavLink(
            _l("Deliveries"), "tracker_staff.index", 60, Action.MANAGE_DELIVERIES,
            prefix=("tracker_staff.", "tracker_funds.", "tracker_disputes."),
        ),
    )  # fmt: skip
    sitemap.add_section(
        app,
        sitemap.numbered(
            "deliveries", queries.list_changes, lambda row: url_for("tracker.show", delivery_id=row.id)
        ),
    )
    add_panel(app, "home.became", panels.home_became)
    add_panel(app, "neighbourhood", panels.neighbourhood)
    add_panel(app, "staff.home", panels.staff_home)
