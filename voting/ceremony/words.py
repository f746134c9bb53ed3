"""What each stage and step of the close is called, and what staff and residents are told of it."""

from dataclasses import dataclass

from flask import current_app
from flask_babel import lazy_gettext as _

from voting.ceremony import hooks
from voting.ceremony.rules import BACKUPS, BOX_KEY, State


@dataclass(frozen=True)
class StageWords:
    """A stage in plain words: what it does, why, what it proves, what cannot be undone."""

    title: object
    what: object
    why: object
    proves: object
    final: object


STAGES: dict[str, StageWords] = {
    "close": StageWords(
        _("Close the vote and check the box"),
        _(
            "No further ballot is taken. Ballots that two people voided during validation leave the box. Then, for "
            "everybody on the list of participants, the program computes the pseudonym and looks for it in the box."
        ),
        _("A ballot that belongs to nobody on the list was put in by somebody who may not vote."),
        _(
            "Every ballot in the box belongs to one person on the list, and how many voted is settled. Nobody learns "
            "what anyone chose."
        ),
        _("Afterwards nobody can vote any more, and no ballot can be voided."),
    ),
    "unlink": StageWords(
        _("Cut the link between people and ballots"),
        _(
            "The sealed ballots are copied in an order that says nothing about when they came, and their list is "
            "signed. Then the box with its pseudonyms is dropped, and the key that turns people into pseudonyms is "
            "destroyed."
        ),
        _("Whoever opens the ballots afterwards must not be able to find out whose they are."),
        _(
            "The signed list shows that from now on no ballot is added, dropped or changed. Each voter finds the code "
            "of their receipt in it."
        ),
        _(
            "The key on the server cannot be brought back. Once its copies are destroyed too, which is stage 2b, nobody, "
            "the city hall included, can tell who cast which ballot. No complaint about a single ballot can be carried "
            "out any more."
        ),
    ),
    BACKUPS: StageWords(
        _("Backups and archives of the voting period"),
        _(
            "Take a fresh backup of the database now. Then destroy every copy of the key of this vote (round-N.key), "
            "the one in the safe too, and write which backups and write-ahead log archives of the voting period "
            "exist, where they are, who destroys them and by when."
        ),
        _(
            "They still hold the order in which ballots came, and the pseudonyms; with a copy of the key, these are "
            "people. The fresh backup takes their place."
        ),
        _("The minutes name what has to be destroyed, so anyone may ask whether it was."),
        _("What the two of you write is published with the minutes and does not change afterwards."),
    ),
    "count": StageWords(
        _("Open the ballots and count them twice"),
        _(
            "The ballots are opened in the order of their list. Then two programs that share no code count them, each "
            "by itself: the platform's own and the small one that the public gets to verify the result with."
        ),
        _("One program may have a mistake that nobody sees. Two written apart do not make the same one."),
        _(
            "The two counts come to the same votes and the same outcome. If they differ, the close stops and nothing "
            "is published."
        ),
        _("Opened ballots cannot be sealed again. The result is not public yet, and no page shows it."),
    ),
    "publish": StageWords(
        _("Publish the results and the minutes"),
        _(
            "The results with every reason, the list of codes, the files and these minutes become public at once. "
            "Within a minute everything can be downloaded together with the program that verifies it."
        ),
        _("Anyone can count again and look for their own code."),
        _("What is published is what was counted: the minutes hold the fingerprints of the files."),
        _(
            "What was published cannot be taken back. The results stay provisional until the council adopts them, and "
            "can be contested until then."
        ),
    ),
}

STEPS: dict[str, object] = {
    "closed": _("The vote was closed"),
    "participation": _("Every ballot was matched with the list of participants"),
    "copied": _("The sealed ballots were copied in an order that says nothing"),
    "checkpoint": _("The list of ballots was signed"),
    "dropped": _("The box with its pseudonyms was dropped"),
    "keys_destroyed": _("The key that links people to ballots was destroyed"),
    BACKUPS: _("What becomes of backups and archives was written down"),
    BOX_KEY: _("Two keys of the ballot box were presented"),
    "opened": _("The ballots were opened"),
    "counted": _("The ballots were counted"),
    "published": _("Results and minutes were published"),
}

#: The tag of a state, and its tone.
STATES: dict[State, tuple[object, str]] = {
    State.WAITING: (_("comes later"), "grey"),
    State.READY: (_("can begin"), "sand"),
    State.PROPOSED: (_("waits for the second person"), "sand"),
    State.RUNNING: (_("under way"), "blue"),
    State.STOPPED: (_("stopped"), "rose"),
    State.DONE: (_("done"), "green"),
}

_STOPS: dict[str, object] = {
    "box": _(
        "Nothing was opened and nothing is lost. The box holds a ballot that belongs to nobody on the list of "
        "participants, or the box and the log of ballots do not agree. Let the administrator of the database and the "
        "auditor look at it together and write down what they find. After that, try again."
    ),
    "counts": _(
        "The two counts do not agree. Nothing was published, and the ballots are unchanged. Give the line below to "
        "those who maintain the program. After it was mended, try again."
    ),
    "keys": _(
        "The key file of this vote is missing or damaged. Put back the copy that was laid in the safe when voting "
        "opened, then try again. Nothing is lost meanwhile."
    ),
    "link": _(
        "Nothing was opened. The file of the key that links people to ballots is in the data directory again: somebody "
        "put a copy back after it was destroyed. Remove the file, destroy the copy, write down what happened. After "
        "that, try again."
    ),
    "box_key": _(
        "The box does not open: MASTER_KEY is not the one that stood in the settings when voting opened. Put it back, "
        "start the program anew, then try again. Nothing is lost meanwhile."
    ),
    "obstacle": _("Something came up that has to be decided first. Decide it, then try again."),
    "refused": _(
        "A step was refused. Mend what the line below says, then try again. Nothing is lost meanwhile."
    ),
}

_ANY_STOP = _(
    "The close stopped for people to look at it. Nothing of the step was kept, and nothing is lost."
)


def stop_sentence(code: str) -> object:
    """What staff do after a stage stopped with this code."""
    return _STOPS.get(code) or hooks.stop_sentence(current_app, code) or _ANY_STOP
