"""The life of a proposal as a table, and the arithmetic of its form. Plain values in, plain values out."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

MAX_TITLE = 120
MAX_TEXT = 5_000
MAX_PLACE = 200
#: what a draft may hold before it is told to stop: nobody's text is cut below this
MAX_DRAFT_TEXT = 50_000
MAX_IMAGES = 5
MAX_DOCUMENTS = 3
MAX_COST = Decimal("999999999.99")
MAX_DRAFTS = 10

#: Submissions in 24 hours, for accounts not yet proven and for the others.
SUBMISSIONS_A_DAY_NEW = 2
SUBMISSIONS_A_DAY = 10


class State(StrEnum):
    """Where a proposal stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CHANGES_REQUESTED = "changes_requested"
    PUBLISHED = "published"
    IN_ANALYSIS = "in_analysis"
    ELIGIBLE = "eligible"
    REJECTED = "rejected"
    CONTESTED = "contested"
    ADMITTED = "admitted"
    WINNER = "winner"
    RESERVE = "reserve"
    NOT_FUNDED = "not_funded"
    HIDDEN = "hidden"
    REDIRECTED = "redirected"
    WITHDRAWN = "withdrawn"


class Role(StrEnum):
    """In what capacity somebody moves a proposal."""

    AUTHOR = "author"
    MODERATOR = "moderator"
    EVALUATOR = "evaluator"
    STAFF = "staff"
    SYSTEM = "system"


class Event(StrEnum):
    """What may happen to a proposal."""

    SUBMIT = "submit"
    PUBLISH = "publish"
    REQUEST_CHANGES = "request_changes"
    HIDE = "hide"
    RESTORE = "restore"
    REDIRECT = "redirect"
    TAKE_INTO_ANALYSIS = "take_into_analysis"
    FIND_ELIGIBLE = "find_eligible"
    REJECT = "reject"
    CONTEST = "contest"
    UPHOLD_APPEAL = "uphold_appeal"
    DISMISS_APPEAL = "dismiss_appeal"
    ADMIT = "admit"
    WIN = "win"
    PUT_ON_RESERVE = "put_on_reserve"
    LEAVE_UNFUNDED = "leave_unfunded"
    WITHDRAW = "withdraw"


@dataclass(frozen=True)
class Draft:
    """What the form holds, as typed."""

    title: str = ""
    problem: str = ""
    idea: str = ""
    neighbourhood_id: int | None = None
    category_id: int | None = None
    cost_text: str = ""
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None


#: Still in the author's hands.
EDITABLE = frozenset({State.DRAFT, State.CHANGES_REQUESTED})
#: Anyone may read these, and they are listed; in the order of a proposal's life.
LISTED = (
    State.PUBLISHED,
    State.IN_ANALYSIS,
    State.ELIGIBLE,
    State.REJECTED,
    State.CONTESTED,
    State.ADMITTED,
    State.WINNER,
    State.RESERVE,
    State.NOT_FUNDED,
)
PUBLIC = frozenset(LISTED)
#: The analysis has its result, which anyone may read.
ANALYSED = PUBLIC - {State.PUBLISHED, State.IN_ANALYSIS}
#: Their page stays if it was ever public: links to it must not die, and it says what happened.
PUBLIC_IF_PUBLISHED = frozenset({State.REDIRECTED, State.WITHDRAWN})
#: Nothing moves them any more.
FINAL = frozenset({State.WINNER, State.RESERVE, State.NOT_FUNDED, State.REDIRECTED, State.WITHDRAWN})


@dataclass(frozen=True)
class Transition:
    """One row of the table: who may move a proposal from where to where, in which phases of its round.

    `phases` are asked for only when the proposal is in a round; None means any time.
    """

    event: Event
    sources: frozenset[State]
    target: State
    roles: frozenset[Role]
    phases: frozenset[str] | None = None
    reason_required: bool = False


def _row(
    event: Event,
    sources: Iterable[State],
    target: State,
    roles: Iterable[Role],
    phases: Iterable[str] | None = None,
    reason: bool = False,
) -> Transition:
    return Transition(
        event,
        frozenset(sources),
        target,
        frozenset(roles),
        None if phases is None else frozenset(phases),
        reason,
    )


_S, _R, _E = State, Role, Event
_ANALYSIS = ("submission", "analysis")

TRANSITIONS: tuple[Transition, ...] = (
    _row(_E.SUBMIT, EDITABLE, _S.SUBMITTED, [_R.AUTHOR]),
    _row(_E.PUBLISH, [_S.SUBMITTED], _S.PUBLISHED, [_R.MODERATOR, _R.SYSTEM]),
    _row(
        _E.REQUEST_CHANGES,
        [_S.SUBMITTED, _S.PUBLISHED],
        _S.CHANGES_REQUESTED,
        [_R.MODERATOR],
        reason=True,
    ),
    _row(
        _E.HIDE,
        [_S.SUBMITTED, _S.CHANGES_REQUESTED, _S.PUBLISHED, _S.IN_ANALYSIS, _S.REJECTED],
        _S.HIDDEN,
        [_R.MODERATOR],
        reason=True,
    ),
    _row(_E.RESTORE, [_S.HIDDEN], _S.PUBLISHED, [_R.MODERATOR], reason=True),
    _row(_E.REDIRECT, [_S.SUBMITTED, _S.PUBLISHED], _S.REDIRECTED, [_R.MODERATOR], reason=True),
    _row(_E.TAKE_INTO_ANALYSIS, [_S.PUBLISHED], _S.IN_ANALYSIS, [_R.STAFF], _ANALYSIS),
    _row(_E.FIND_ELIGIBLE, [_S.IN_ANALYSIS], _S.ELIGIBLE, [_R.EVALUATOR], ("submission", "analysis")),
    _row(_E.REJECT, [_S.IN_ANALYSIS], _S.REJECTED, [_R.EVALUATOR], _ANALYSIS, reason=True),
    _row(_E.CONTEST, [_S.REJECTED], _S.CONTESTED, [_R.AUTHOR], ("appeals",), reason=True),
    _row(_E.UPHOLD_APPEAL, [_S.CONTESTED], _S.ELIGIBLE, [_R.STAFF], reason=True),
    _row(_E.DISMISS_APPEAL, [_S.CONTESTED], _S.REJECTED, [_R.STAFF], reason=True),
    _row(_E.ADMIT, [_S.ELIGIBLE], _S.ADMITTED, [_R.STAFF, _R.SYSTEM]),
    _row(_E.WIN, [_S.ADMITTED], _S.WINNER, [_R.SYSTEM]),
    _row(_E.PUT_ON_RESERVE, [_S.ADMITTED], _S.RESERVE, [_R.SYSTEM]),
    _row(_E.LEAVE_UNFUNDED, [_S.ADMITTED], _S.NOT_FUNDED, [_R.SYSTEM]),
    _row(
        _E.WITHDRAW,
        [_S.SUBMITTED, _S.CHANGES_REQUESTED, _S.PUBLISHED, _S.IN_ANALYSIS, _S.ELIGIBLE],
        _S.WITHDRAWN,
        [_R.AUTHOR],
    ),
)
BY_EVENT = {row.event: row for row in TRANSITIONS}


class Refused(Exception):
    """The table has no such step now. `why` is "state", "role", "phase" or "reason"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def next_state(
    state: State | str,
    event: Event,
    role: Role,
    *,
    in_round: bool = False,
    phases: frozenset[str] = frozenset(),
    reason: str = "",
) -> State:
    """The state after the event, or Refused. `phases` are those of its round that run now."""
    row = BY_EVENT[event]
    if role not in row.roles:
        raise Refused("role")
    if state not in row.sources:
        raise Refused("state")
    if in_round and row.phases is not None and not row.phases & phases:
        raise Refused("phase")
    if row.reason_required and not reason.strip():
        raise Refused("reason")
    return row.target


def is_public(state: str, was_published: bool) -> bool:
    """Whether anyone may read a proposal's page."""
    return state in PUBLIC or (state in PUBLIC_IF_PUBLISHED and was_published)


def was_hidden(state: str, was_published: bool) -> bool:
    """Whether everyone could read it before a moderator hid it, so that everyone may know why it is gone."""
    return state == State.HIDDEN and was_published


def submissions_left(verified_or_proven: bool, submitted_last_day: int) -> int:
    """How many proposals the account may still submit today."""
    limit = SUBMISSIONS_A_DAY if verified_or_proven else SUBMISSIONS_A_DAY_NEW
    return max(0, limit - submitted_last_day)


def analysis_result(answers: Iterable[str | None]) -> str | None:
    """What the departments' answers amount to: None while one is missing, "rejected" if any rejects.

    >>> analysis_result(["eligible", None]), analysis_result(["eligible", "rejected"])
    (None, 'rejected')
    """
    given = list(answers)
    if not given or any(answer is None for answer in given):
        return None
    return "rejected" if "rejected" in given else "eligible"


def overwrites_unseen(stored_version: int, stored_editor: str, seen_version: int, editor: str) -> bool:
    """Whether a save would undo one made in another window that its writer has not seen."""
    return stored_version != seen_version and stored_editor != editor
