"""The council: who was elected, when it met, who was there and how each one voted, from its records.

Nothing here is a score or a ranking: pages count what records say, and name the records they rest on.
"""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _l
    from sqlalchemy import true

    from civic import links, timeline
    from civic.activity.registry import Told, register_told
    from civic.council import importing, labels, opendata, presenters, queries, service, staff_views, views
    from civic.council.models import CouncilMember, CouncilSitting
    from civic.imports.datasets import register_dataset
    from civic.navigation import NavLink, add_link, add_panel
    from civic.policy import Action
    from civic.search.registry import Searched, register_searched

    opendata.register()
    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
    for dataset in (importing.MEMBERS, importing.SITTINGS, importing.VOTES):
        register_dataset(app, dataset)
    links.register_subject(service.MEMBER, presenters.resolve_members)
    links.register_subject(service.SITTING, presenters.resolve_sittings)
    register_searched(Searched(service.MEMBER, _l("Elected members"), queries.members_having_words, 62))
    register_searched(Searched(service.SITTING, _l("Council meetings"), queries.sittings_having_words, 64))
    register_told(
        Told(service.MEMBER, _l("Elected members"), CouncilMember, true, 62, always="decision_making")
    )
    register_told(
        Told(service.SITTING, _l("Council meetings"), CouncilSitting, true, 64, always="decision_making")
    )
    timeline.register_events(labels.SENTENCES)
    add_link(app, "footer", NavLink(_l("The council and its votes"), "council.members", position=43))
    add_link(app, "track", NavLink(_l("The council and its votes"), "council.members", 45))
    add_link(app, "staff", NavLink(_l("Council"), "council_staff.index", 61, Action.MANAGE_COUNCIL))
    add_panel(app, "decision", presenters.decision_panel)
    add_panel(app, "meeting", presenters.meeting_panel)
