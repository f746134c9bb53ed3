"""From idea to admitted project."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from proposals import models  # noqa: F401
    from proposals.comments import models as comments_models  # noqa: F401
    from proposals.evaluation import models as evaluation_models  # noqa: F401
