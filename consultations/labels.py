"""Consultations in words."""

from flask_babel import lazy_gettext as _l

from consultations.rules import State

KINDS = {
    "draft_decision": _l("Draft decision"),
    "citizens_draft": _l("Citizens' draft decision"),
    "budget": _l("Draft local budget"),
    "plan": _l("Plan or strategy"),
    "survey": _l("Survey"),
    "ideas": _l("Call for ideas"),
}

#: What a person chooses a kind by.
KIND_HINTS = {
    "draft_decision": _l(
        "A decision of the council with general effect, with the whole procedure of the law."
    ),
    "citizens_draft": _l("Put forward by citizens with their signatures, which were verified."),
    "budget": _l("The local budget, to which residents may object."),
    "plan": _l("A strategy, a plan or a programme for several years."),
    "survey": _l("Questions about how people live and what they think, without a text to be adopted."),
    "ideas": _l("An open question to which everyone answers in their own words."),
}


DOCUMENTS = {
    "draft": _l("Text of the draft"),
    "justification": _l("Initiator's justification"),
    "study": _l("Study"),
    "report": _l("Department's report"),
    "endorsement": _l("Endorsement"),
    "budget": _l("The draft budget"),
    "minutes": _l("Summary minutes of a debate"),
    "adopted_act": _l("The adopted act"),
    "other": _l("Other document"),
}

CHANNELS = {
    "site": _l("On this site"),
    "premises": _l("On display at the city hall"),
    "media": _l("In the press"),
    "on_request": _l("Sent to those who asked to be told"),
    "official_gazette": _l("In the local official gazette"),
}

STATES = {
    State.DRAFT: _l("In preparation"),
    State.ANNOUNCED: _l("Announced"),
    State.OPEN: _l("Open"),
    State.ANSWERING: _l("Being answered"),
    State.REPORTED: _l("Report published"),
    State.ADOPTED: _l("Adopted"),
    State.REJECTED: _l("Not adopted"),
    State.WITHDRAWN: _l("Withdrawn"),
}

TONES = {
    State.DRAFT: "grey",
    State.ANNOUNCED: "blue",
    State.OPEN: "green",
    State.ANSWERING: "sand",
    State.REPORTED: "blue",
    State.ADOPTED: "green",
    State.REJECTED: "rose",
    State.WITHDRAWN: "grey",
}

SENTENCES = {
    "consultation.announced": _l("Announced. Contributions are received until %(until)s"),
    "consultation.published_elsewhere": _l("Announced also: %(place)s"),
    "consultation.document_added": _l("Document published: %(title)s"),
    "consultation.document_renewed": _l("New version of a document: %(title)s"),
    "consultation.extended": _l("Extended until %(until)s"),
    "consultation.reported": _l("The report was published"),
    "consultation.reported_early": _l("The report was published before every contribution had its answer"),
    "consultation.adopted": _l("Adopted: %(act)s"),
    "consultation.rejected": _l("Not adopted"),
    "consultation.withdrawn": _l("Withdrawn"),
}
