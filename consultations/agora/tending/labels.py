"""What moderators did, in words."""

from flask_babel import lazy_gettext as _l

from consultations.agora.tending.rules import FOLD, LOCK, MERGE, MOVE, SLOW, SPLIT

#: What was done, as the public record says it; blanks are filled by the presenter.
DONE = {
    MERGE: _l("Two arguments that say the same were merged"),
    MOVE: _l("An argument was moved"),
    SPLIT: _l("An argument that makes two points was split"),
    FOLD: _l("A text beside the question was folded"),
    LOCK: _l("No new texts are taken for now"),
    SLOW: _l("The debate was slowed down"),
}
