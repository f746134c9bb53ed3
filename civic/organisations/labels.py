"""What legal forms, minorities, states, roles and events are called."""

from flask_babel import lazy_gettext as _l

from civic.organisations.rules import LegalForm, Outcome, Role, State

LEGAL_FORMS = {
    LegalForm.ASSOCIATION: _l("Association"),
    LegalForm.FOUNDATION: _l("Foundation"),
    LegalForm.FEDERATION: _l("Federation"),
    LegalForm.TRADE_UNION: _l("Trade union"),
    LegalForm.EMPLOYERS: _l("Employers' organisation"),
    LegalForm.INITIATIVE_GROUP: _l("Initiative group"),
    LegalForm.AUTHORITY: _l("Public authority"),
}

#: What each form is, for whoever does not know which one they are.
LEGAL_FORM_HINTS = {
    LegalForm.ASSOCIATION: _l("Founded by people for a common purpose, with a number in the register of associations and foundations."),
    LegalForm.FOUNDATION: _l("Founded with money or goods for a purpose, with a number in the same register."),
    LegalForm.FEDERATION: _l("Made of several associations or foundations."),
    LegalForm.TRADE_UNION: _l("Of employees, with a number in the register of unions kept by the court."),
    LegalForm.EMPLOYERS: _l("Of employers, with a number in the register kept by the court."),
    LegalForm.INITIATIVE_GROUP: _l("Neighbours or citizens who act together, without legal personality and without a number."),
    LegalForm.AUTHORITY: _l("A town hall, a school, a hospital, an inspectorate: any public institution, with its tax code (CIF)."),
}  # fmt: skip

MINORITIES = {
    "albanian": _l("Albanian minority"),
    "armenian": _l("Armenian minority"),
    "bulgarian": _l("Bulgarian minority"),
    "czech": _l("Czech minority"),
    "croatian": _l("Croatian minority"),
    "greek": _l("Greek minority"),
    "jewish": _l("Jewish minority"),
    "german": _l("German minority"),
    "italian": _l("Italian minority"),
    "macedonian": _l("Macedonian minority"),
    "hungarian": _l("Hungarian minority"),
    "polish": _l("Polish minority"),
    "roma": _l("Roma minority"),
    "lipovan": _l("Lipovan Russian minority"),
    "ruthenian": _l("Ruthenian minority"),
    "serbian": _l("Serbian minority"),
    "slovak": _l("Slovak minority"),
    "tatar": _l("Tatar minority"),
    "turkish": _l("Turkish minority"),
    "ukrainian": _l("Ukrainian minority"),
    "other": _l("Another minority"),
}

STATES = {
    State.WAITING: _l("Waits for verification"),
    State.VERIFIED: _l("Verified organisation"),
    State.REFUSED: _l("Refused"),
    State.SUSPENDED: _l("Suspended organisation"),
}
TONES = {State.WAITING: "sand", State.VERIFIED: "green", State.REFUSED: "rose", State.SUSPENDED: "rose"}

ROLES = {Role.ADMINISTRATOR: _l("Administrator"), Role.SPOKESPERSON: _l("Spokesperson")}

OUTCOMES = {
    Outcome.VERIFIED: _l("Verified by the city hall"),
    Outcome.REFUSED: _l("Refused"),
    Outcome.WITHDRAWN: _l("Replaced by newer values"),
}

SENTENCES = {
    "organisation.registered": _l("Registered by one of its people"),
    "organisation.sent_again": _l("Sent again for verification"),
    "organisation.verified": _l("Verified by the city hall"),
    "organisation.refused": _l("The city hall has not verified it"),
    "organisation.change_filed": _l("A change of its name, legal form or number waits for verification"),
    "organisation.change_withdrawn": _l("The change that waited was taken back"),
    "organisation.change_verified": _l("The change was verified"),
    "organisation.change_refused": _l("The change was not verified"),
    "organisation.suspended": _l("Suspended by the city hall"),
    "organisation.restored": _l("Restored"),
    "organisation.words_restored": _l("The moderators put back what it wrote about itself"),
    "organisation.redacted": _l("The moderators took personal data out of what it wrote about itself"),
    "organisation.words_published": _l("The moderators published what it wrote about itself"),
    "organisation.words_refused": _l("The moderators have not published what it wrote about itself"),
    "organisation.words_removed": _l("The moderators removed what it wrote about itself"),
}

#: How a verified field is called, for what a check would change.
FIELDS = {
    "name": _l("Name of the organisation"),
    "legal_form": _l("Legal form"),
    "registration_number": _l("Registration number"),
    "tax_code": _l("Tax code (CUI or CIF)"),
}
