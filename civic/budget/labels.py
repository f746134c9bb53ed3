"""The words of the budget."""

from flask_babel import lazy_gettext as _l

KINDS = {"expenditure": _l("Expenditure"), "revenue": _l("Revenue")}
MEASURES = {"executed": _l("Executed"), "revised": _l("After revision"), "approved": _l("Approved")}
ROLES = {"approved": _l("Approved by"), "revised": _l("Revised by")}
