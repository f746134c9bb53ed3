"""Public purchases above a threshold: the register, each purchase, and the same as open contracting data."""

from flask import Flask, url_for


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _l

    from civic import links
    from civic.content import sitemap
    from civic.imports.datasets import register_dataset
    from civic.navigation import NavLink, add_link, add_panel
    from civic.policy import Action
    from civic.purchases import importing, opendata, panels, presenters, queries, staff_views, views
    from civic.search.registry import Searched, register_searched

    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
    register_dataset(app, importing.DATASET)
    opendata.register()
    links.register_subject(presenters.KIND, presenters.resolve)
    register_searched(
        Searched(presenters.KIND, _l("Public purchases"), None, 70, "purchases.index", queries.searched)
    )
    add_link(app, "footer", NavLink(_l("Public purchases"), "purchases.index", position=41))
    add_link(app, "track", NavLink(_l("Public purchases"), "purchases.index", 30))
    add_link(app, "staff", NavLink(_l("Public purchases"), "purchases_staff.index", 61, Action.MANAGE_MONEY))
    add_panel(app, "delivery", panels.delivery)
    sitemap.add_section(
        app,
        sitemap.numbered(
            "purchases", queries.list_changes, lambda row: url_for("purchases.show", purchase_id=row.id)
        ),
    )
