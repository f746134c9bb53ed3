"""The five dimensions of local governance, by which debates, consultations and decisions are all tagged."""

from flask_babel import lazy_gettext as _l

DIMENSIONS = ("budgeting", "contracting", "decision_making", "policy", "services")

LABELS = {
    "budgeting": _l("Budgeting"),
    "contracting": _l("Contracting"),
    "decision_making": _l("Decision-making"),
    "policy": _l("Drawing up policies"),
    "services": _l("Public services"),
}
