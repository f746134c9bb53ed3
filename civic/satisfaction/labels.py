"""The questions and their answers in words."""

from typing import Any

from flask_babel import lazy_gettext as _l

QUESTIONS: dict[str, Any] = {
    "cast": _l("How satisfied are you with voting on this site?"),
    "contribution": _l("How satisfied are you with the city hall's answer to your contribution?"),
    "proposal": _l("How satisfied are you with the city hall's answer to your proposal?"),
    "delivery": _l("How satisfied are you with the work you followed, now that it is finished?"),
}
KIND_NAMES: dict[str, Any] = {
    "cast": _l("Voting"),
    "contribution": _l("Answers to contributions"),
    "proposal": _l("Answers to proposals"),
    "delivery": _l("Finished works"),
}
STEP_NAMES: dict[int, Any] = {
    5: _l("Very satisfied"),
    4: _l("Satisfied"),
    3: _l("Neither satisfied nor dissatisfied"),
    2: _l("Dissatisfied"),
    1: _l("Very dissatisfied"),
}
