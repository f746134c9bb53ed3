"""Projects, ballots, counting and results."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _

    from civic import timeline
    from voting import models  # noqa: F401

    timeline.register_events(
        {
            "vote.frozen": _("The ballot was frozen; fingerprint %(fingerprint)s"),
        }
    )
