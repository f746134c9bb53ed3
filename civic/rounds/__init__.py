"""Rounds, their phases, pots, ballot groups and eligibility: what proposals and voting both stand on."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _

    from civic import timeline
    from civic.rounds import views

    app.register_blueprint(views.blueprint)

    timeline.register_events(
        {
            "round.published": _("The edition was made public"),
            "round.plan_changed": _("The plan of the edition was changed"),
            "round.extended_information": _("Information was extended to %(day)s"),
            "round.extended_submission": _("The submission of proposals was extended to %(day)s"),
            "round.extended_analysis": _("The technical analysis was extended to %(day)s"),
            "round.extended_appeals": _("Appeals were extended to %(day)s"),
            "round.extended_voting": _("The vote was extended to %(day)s"),
            "round.extended_validation": _("Validation was extended to %(day)s"),
            "round.extended_results": _("The publication of results was extended to %(day)s"),
            "round.document_added": _("A document was added: %(title)s"),
            "round.document_removed": _("A document was removed: %(title)s"),
            "round.adopted": _("The council adopted the results by decision %(decision)s"),
        }
    )
