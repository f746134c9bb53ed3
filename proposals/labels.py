"""How the states and steps of a proposal are called in public."""

from flask_babel import lazy_gettext as _l

from proposals.rules import Event, State

STATES = {
    State.DRAFT: _l("Draft proposal"),
    State.SUBMITTED: _l("Waiting to be published"),
    State.CHANGES_REQUESTED: _l("Needs changes"),
    State.PUBLISHED: _l("Published proposal"),
    State.IN_ANALYSIS: _l("In the departments' analysis"),
    State.ELIGIBLE: _l("Found eligible"),
    State.REJECTED: _l("Rejected, with reasons"),
    State.CONTESTED: _l("Contested"),
    State.ADMITTED: _l("Put to the vote"),
    State.WINNER: _l("Winning project"),
    State.RESERVE: _l("On the reserve list"),
    State.NOT_FUNDED: _l("Not funded"),
    State.HIDDEN: _l("Hidden by a moderator"),
    State.REDIRECTED: _l("Sent to a department"),
    State.WITHDRAWN: _l("Withdrawn by its author"),
}

#: colours of the status tag
TONES = {
    State.DRAFT: "grey",
    State.SUBMITTED: "sand",
    State.CHANGES_REQUESTED: "sand",
    State.PUBLISHED: "blue",
    State.IN_ANALYSIS: "violet",
    State.ELIGIBLE: "green",
    State.REJECTED: "rose",
    State.CONTESTED: "violet",
    State.ADMITTED: "green",
    State.WINNER: "green",
    State.RESERVE: "sand",
    State.NOT_FUNDED: "grey",
    State.HIDDEN: "rose",
    State.REDIRECTED: "sand",
    State.WITHDRAWN: "grey",
}

#: event of the table -> what it is called in the timeline and in the audit record
RECORDED = {
    Event.SUBMIT: "proposal.submitted",
    Event.PUBLISH: "proposal.published",
    Event.REQUEST_CHANGES: "proposal.changes_requested",
    Event.HIDE: "proposal.hidden",
    Event.RESTORE: "proposal.restored",
    Event.REDIRECT: "proposal.redirected",
    Event.TAKE_INTO_ANALYSIS: "proposal.taken_into_analysis",
    Event.FIND_ELIGIBLE: "proposal.found_eligible",
    Event.REJECT: "proposal.rejected",
    Event.CONTEST: "proposal.contested",
    Event.UPHOLD_APPEAL: "proposal.appeal_upheld",
    Event.DISMISS_APPEAL: "proposal.appeal_dismissed",
    Event.ADMIT: "proposal.admitted",
    Event.WIN: "proposal.won",
    Event.PUT_ON_RESERVE: "proposal.put_on_reserve",
    Event.LEAVE_UNFUNDED: "proposal.left_unfunded",
    Event.WITHDRAW: "proposal.withdrawn",
}

#: what the timeline and the e-mail to the author say of each step
SENTENCES = {
    "proposal.submitted": _l("The author submitted the proposal"),
    "proposal.published": _l("The proposal was published"),
    "proposal.changes_requested": _l("The author was asked for changes"),
    "proposal.hidden": _l("A moderator hid the proposal"),
    "proposal.restored": _l("The proposal was made public again"),
    "comment.restored": _l("A moderator made a hidden comment public again"),
    "proposal.redacted": _l("A moderator took personal data out of the text"),
    "proposal.decision_undone": _l("A moderator's decision was undone"),
    "proposal.redirected": _l("The request was sent to the department that handles it"),
    "proposal.joined_round": _l("Entered in %(round)s"),
    "proposal.taken_into_analysis": _l("The departments began their analysis"),
    "proposal.found_eligible": _l("The departments found the proposal eligible"),
    "proposal.rejected": _l("The departments rejected the proposal"),
    "proposal.contested": _l("The author contested the rejection"),
    "proposal.appeal_upheld": _l("The appeal was upheld: the proposal is eligible"),
    "proposal.appeal_dismissed": _l("The appeal was dismissed: the rejection stands"),
    "proposal.admitted": _l("The proposal was put to the vote"),
    "proposal.won": _l("The proposal won and will be built"),
    "proposal.put_on_reserve": _l("The proposal is on the reserve list"),
    "proposal.left_unfunded": _l("The proposal was not funded in this edition"),
    "proposal.withdrawn": _l("The author withdrew the proposal"),
}

#: what comes after each state, when nothing has to be read from a calendar
NEXT_STEPS = {
    State.SUBMITTED: _l("A moderator reads the proposal and publishes it."),
    State.CHANGES_REQUESTED: _l("The author corrects the proposal and sends it again."),
    State.PUBLISHED: _l("Neighbours comment on it, and its author may enter it in an edition."),
    State.IN_ANALYSIS: _l("The departments publish their answer, with reasons."),
    State.ELIGIBLE: _l("It is put to the vote when voting begins."),
    State.REJECTED: _l("The author may contest the rejection."),
    State.CONTESTED: _l("People who did not take part in the analysis decide the appeal, with reasons."),
    State.ADMITTED: _l("Residents vote."),
    State.RESERVE: _l("It is built if money is left over or a winning project falls through."),
}
