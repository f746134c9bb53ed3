"""Appeals in words."""

from flask_babel import lazy_gettext as _l

from civic.moderation.appeals.rules import State, Why
from civic.moderation.rules import Decision

STATES = {
    State.OPEN: _l("Waits for a second moderator"),
    State.UPHELD: _l("The appeal is upheld"),
    State.REJECTED: _l("The appeal is dismissed"),
    State.WITHDRAWN: _l("Taken back by the author"),
    State.SETTLED: _l("Settled: the decision was taken back"),
}

REFUSALS = {
    Why.NOT_YOURS: _l("Only the author of the text can contest this decision."),
    Why.LATE: _l("The time for contesting this decision has passed."),
    Why.TWICE: _l("This decision was contested already. A decision is contested once."),
    Why.TAKEN_BACK: _l("This decision was taken back: there is nothing left to contest."),
    Why.DECIDED: _l("This has been decided already."),
    Why.OWN_DECISION: _l("You took part in the decision that is contested: another person decides."),
    Why.OWN_TEXT: _l("It is your own appeal: another person decides."),
    Why.NO_REASON: _l("Write the reasons: the author reads them."),
}

#: What a decision did to the text, as its author reads it.
DONE = {
    Decision.HIDE: _l("The text is hidden: in its place everybody reads why."),
    Decision.REDACT: _l("Personal data were taken out of the text; the rest stands as you wrote it."),
    Decision.REQUEST_CHANGES: _l("The text was sent back to you for changes."),
    Decision.REDIRECT: _l("The text was sent to a department of the city hall."),
}

#: What happens when an appeal is upheld.
IF_UPHELD = {
    Decision.HIDE: _l("If the appeal is upheld, the text is public again exactly as it was."),
    Decision.REDACT: _l("If the appeal is upheld, the text is public again exactly as it was."),
    Decision.REQUEST_CHANGES: _l(
        "If the appeal is upheld, the text stands as it was before it was sent back."
    ),
    Decision.REDIRECT: _l("If the appeal is upheld, the text stands as it was before it was sent away."),
}
