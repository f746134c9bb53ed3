"""The register in words."""

from flask_babel import lazy_gettext as _l

from consultations.contributions.rules import AnswerState, Outcome

CHANNELS = {
    "form": _l("On this site"),
    "mail": _l("By e-mail"),
    "post": _l("By letter"),
    "desk": _l("At the counter"),
    "annotation": _l("Note on the text"),
    "survey": _l("Questionnaire"),
    "debate": _l("Public debate"),
}

OUTCOMES = {
    Outcome.ADOPTED: _l("Taken up"),
    Outcome.PARTLY: _l("Taken up in part"),
    Outcome.NOT_ADOPTED: _l("Not taken up"),
    Outcome.OUT_OF_SCOPE: _l("Outside this consultation"),
    Outcome.ALREADY_COVERED: _l("Already provided for"),
}

OUTCOME_HINTS = {
    Outcome.ADOPTED: _l("The draft changes as it was asked."),
    Outcome.PARTLY: _l("Something changes; say what does and what does not, and why."),
    Outcome.NOT_ADOPTED: _l("The law asks for a written reason."),
    Outcome.OUT_OF_SCOPE: _l("Say why, and where it can be asked instead."),
    Outcome.ALREADY_COVERED: _l("Say where: the article, the programme, the contract."),
}

TONES = {
    Outcome.ADOPTED: "green",
    Outcome.PARTLY: "green",
    Outcome.NOT_ADOPTED: "rose",
    Outcome.OUT_OF_SCOPE: "grey",
    Outcome.ALREADY_COVERED: "blue",
}

ANSWER_STATES = {
    AnswerState.DRAFT: _l("Being written"),
    AnswerState.SUBMITTED: _l("Waits for the signature"),
    AnswerState.PUBLISHED: _l("Answered"),
    AnswerState.WITHDRAWN: _l("Answer withdrawn"),
}

WAITING = _l("Waits for its answer")
NOT_CONSIDERED = _l("Not considered")

#: By why it is not shown, and whether something of it is.
HIDDEN = {
    ("personal_data", True): _l("Part of this text is not shown, because it holds personal data."),
    ("personal_data", False): _l("This text is not shown, because it holds personal data."),
    ("offence", True): _l("Part of this text is not shown, because it offends people."),
    ("offence", False): _l("This text is not shown, because it offends people."),
}
UNREAD = _l(
    "This text seems to hold personal data (a telephone, an address, an identity number). A person of the city hall "
    "reads it before everyone can."
)
UNCHECKED = _l(
    "A moderator reads this text before everyone can: the first texts with links, and many at once, wait."
)
HIDING = {"personal_data": _l("It holds personal data"), "offence": _l("It offends people")}

SHOWN_AS = {"full": _l("With my full name"), "initials": _l("With my initials alone")}

NOT_KEPT = {
    "too_large": _l("not kept: it is larger than 10 MB"),
    "not_allowed": _l("not kept: this kind of file is not received"),
    "too_many": _l("not kept: there were more than ten files"),
}

#: Why a letter was set aside by the program itself.
LETTER_FAILURES = {
    "broke": _l("The program could not take this letter. Its files stayed in the mailbox."),
    "interrupted": _l("Taking this letter was cut off several times. Its text stayed in the mailbox."),
    "lost": _l("The letter is no longer in the mailbox, so it cannot be taken again."),
}

REVIEWS = {
    "kept": _l("The answer stays"),
    "again": _l("It will be answered again"),
}
