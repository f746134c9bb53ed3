"""Verification inside the path to the ballot: by declaration with a code, or by a letter with a code.

The desk is in `civic.accounts.desk_views`; every way ends in `civic.accounts.verification.link_person`.
"""

from flask import Flask


# What the package needs it imports inside: `methods` is read by models and by the rounds' rules.
def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _

    from civic.accounts.verifying import dev_sms, jobs, letter_views, views
    from civic.navigation import NavLink, add_link
    from civic.policy import Action

    app.register_blueprint(views.blueprint)
    app.register_blueprint(letter_views.blueprint)
    add_link(app, "staff", NavLink(_("Letters with codes"), "letters.index", 62, Action.VERIFY_RESIDENTS))
    jobs.register(app)
    if not app.config["SETTINGS"].production:
        app.register_blueprint(dev_sms.blueprint)
