"""The words of the council's records."""

from typing import Any

from flask_babel import lazy_gettext as _l

from civic.dimensions import LABELS as DIMENSIONS

CHOICES = {
    "for": _l("Voted for"),
    "against": _l("Voted against"),
    "abstained": _l("Abstained"),
    "not_voting": _l("Present, did not vote"),
    "absent": _l("Absent"),
}
#: The same over a count of those who did so.
COUNTED = {
    "for": _l("Votes for"),
    "against": _l("Votes against"),
    "abstained": _l("Abstentions"),
    "not_voting": _l("Present without voting"),
    "absent": _l("Members absent"),
}
TONES = {"for": "green", "against": "rose", "abstained": "sand", "not_voting": "grey", "absent": "grey"}

MAJORITIES = {
    "simple": _l("Simple majority: more than half of those present"),
    "absolute": _l("Absolute majority: more than half of the councillors in office"),
    "two_thirds": _l("Two thirds of the councillors in office"),
}
LAW = {
    "simple": _l("Administrative Code (OUG 57/2019), art. 5 and art. 139 par. (1)"),
    "absolute": _l("Administrative Code (OUG 57/2019), art. 5 and art. 139 par. (3)"),
    "two_thirds": _l("Administrative Code (OUG 57/2019), art. 5 and art. 139 par. (2)"),
}

KINDS = {
    "ordinary": _l("Ordinary meeting"),
    "extraordinary": _l("Extraordinary meeting"),
    "urgent": _l("Extraordinary meeting convened at once"),
}

PRESENCES = {"present": _l("Present"), "absent": _l("Absent"), "excused": _l("Absent with a reason")}

PRESENT = {
    "present": _l("Members present"),
    "absent": _l("Members absent"),
    "excused": _l("Members absent with a reason"),
}

QUESTION_KINDS = {"question": _l("Question of a member"), "interpellation": _l("Interpellation")}

SENTENCES = {
    "council.sitting_opened": _l("The records of the meeting are kept here"),
    "council.sitting_corrected": _l("When and where the meeting was held was corrected"),
    "council.attendance": _l("Who was there was written down"),
    "council.attendance_corrected": _l("Who was there was corrected"),
    "council.point_corrected": _l("What is written about “%(title)s” was corrected"),
    "council.votes": _l("The votes on “%(title)s” were written down"),
    "council.votes_corrected": _l("The votes on “%(title)s” were corrected"),
    "council.member_corrected": _l("What is written here was corrected"),
    "decision.vote": _l("The votes of the councillors were written down"),
}

#: How what was corrected is called; of a mark the member's name stands beside it.
RECORDED = {
    "choice": _l("Vote"),
    "presence": _l("Attendance"),
    "signing": _l("Signed the draft"),
    "stated_for": _l("Votes for, as the minutes state"),
    "stated_against": _l("Votes against, as the minutes state"),
    "stated_abstained": _l("Abstentions, as the minutes state"),
    "stated_not_voting": _l("Present without voting, as the minutes state"),
    "kind": _l("Kind of meeting"),
    "held_on": _l("Day of the meeting"),
    "place": _l("Place"),
    "convening": _l("Convened by"),
    "in_office": _l("Councillors in office"),
    "minutes_address": _l("Address of the minutes"),
    "recording": _l("Link to the recording"),
    "title": _l("What was voted on"),
    "reports": _l("Reports and opinions on it"),
    "decision": _l("Decision it led to"),
    "dimension": _l("Dimension of local governance"),
    "secret": _l("Secret vote"),
    "majority": _l("Majority needed"),
    "name": _l("Name of the member"),
    "party": _l("Party"),
    "independent": _l("Independent"),
    "commission": _l("Commission of the council"),
    "starts_on": _l("Mandate from"),
    "ends_on": _l("Mandate until"),
}
#: What its codes are called, where it has codes.
CODES: dict[str, Any] = {
    "choice": CHOICES, "presence": PRESENCES, "kind": KINDS, "majority": MAJORITIES, "dimension": DIMENSIONS,
}  # fmt: skip
YES_NO = {"yes": _l("yes"), "no": _l("no")}
