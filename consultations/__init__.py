"""Public consultations under the legal clock: announced, received, answered, reported, adopted."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _l

    from civic.deadlines import Deadline, register_deadlines
    from civic.files import policy as files
    from consultations import contributions, models, queries  # noqa: F401

    register_deadlines(
        Deadline("consultation.draft.wait", _l("Adopting a draft decision, after its announcement")),
        Deadline("consultation.draft.recommendations", _l("Recommendations on a draft decision, at least")),
        Deadline("consultation.budget.objections", _l("Objections to the draft local budget, at least")),
        Deadline("consultation.plan.window", _l("Contributions to a plan or strategy, at least")),
        Deadline("consultation.survey.window", _l("Answers to a survey, at least")),
        Deadline("consultation.ideas.window", _l("A call for ideas, at least")),
        Deadline("consultation.answer", _l("The answers to contributions, after the end"), hour=18),
    )
    files.keep_back(queries.is_of_draft)
    contributions.register(app)
