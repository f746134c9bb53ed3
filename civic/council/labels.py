"""The words of the council's records."""

from flask_babel import lazy_gettext as _l

CHOICES = {
    "for": _l("Voted for"),
    "against": _l("Voted against"),
    "abstained": _l("Abstained"),
    "not_voting": _l("Present, did not vote"),
    "absent": _l("Absent"),
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

QUESTION_KINDS = {"question": _l("Question of a member"), "interpellation": _l("Interpellation")}

SENTENCES = {
    "council.sitting_opened": _l("The records of the meeting are kept here"),
    "council.attendance": _l("Who was there was written down"),
    "council.votes": _l("The votes on “%(title)s” were written down"),
    "council.votes_corrected": _l("The votes on “%(title)s” were corrected"),
    "council.member_corrected": _l("What is written here was corrected"),
    "decision.vote": _l("The votes of the councillors were written down"),
}
