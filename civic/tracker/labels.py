"""The stages in the reader's language, for forms, mail and charts."""

from flask_babel import lazy_gettext as _l

GROUP_LABELS = {
    "finished": _l("Finished or being handed over"),
    "under_way": _l("Being worked on"),
}

#: The groups of the figures, in the order of `rules.FIGURE_GROUPS`.
FIGURE_LABELS = {
    "before": _l("Before the work begins"),
    "under_way": _l("Being worked on"),
    "finished": _l("Finished or being handed over"),
    "halted": _l("Halted"),
    "cancelled": _l("Cancelled"),
    "other": _l("Another stage"),
}

#: What a photo shows the place to be, in the order of time.
PHOTO_STAGES = {
    "": _l("not said"),
    "before": _l("Before the work"),
    "during": _l("During the work"),
    "after": _l("After the work"),
}

STATUS_LABELS = {
    "in_evaluation": _l("In evaluation"),
    "in_clarification": _l("In clarification"),
    "in_preparation": _l("In preparation"),
    "contract_signed": _l("Contract signed"),
    "in_design": _l("In design"),
    "in_procurement": _l("In procurement"),
    "in_execution": _l("In execution"),
    "in_reception": _l("In hand-over"),
    "received": _l("Received"),
    "halted": _l("Halted"),
    "awaiting_funds": _l("Awaiting funds"),
    "completed": _l("Completed"),
    "other": _l("Other"),
    "cancelled": _l("Cancelled"),
}
