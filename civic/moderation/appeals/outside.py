"""Authors without an account: whom a decision is told by e-mail, and the signed link that lets them contest it."""

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from civic.moderation.appeals.models import Statement
from civic.moderation.models import ModerationCase
from civic.moderation.subjects import Writer, kinds
from civic.notifications import compose

_SALT = "moderation decision"


def writer_of(statement: Statement, case: ModerationCase) -> Writer | None:
    """Who wrote the text, when they have no account and can be written to; None for everybody else."""
    kind = kinds().get(case.subject_kind)
    if statement.account_id is not None or kind is None:
        return None
    return kind.writer(case.subject_id)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SETTINGS"].secret_key, salt=_SALT)


def token_of(statement_id: int) -> str:
    """What the link in the letter carries: signed, good for this one decision; its clock is the decision's."""
    return str(_signer().dumps(statement_id))


def read_token(raw: str) -> int | None:
    """The number of the decision a link is about, or None when it is not one of ours."""
    try:
        return int(_signer().loads(raw))
    except (BadSignature, ValueError, TypeError):
        return None


def page_of(statement: Statement) -> str:
    """Where an author reads the decision and contests it: in their account, or by the signed link without one."""
    if statement.account_id is not None:
        return compose.address_of("moderation_appeals.show", statement_id=statement.id)
    return compose.address_of("appeals_by_link.show", token=token_of(statement.id))
