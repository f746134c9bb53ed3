"""What debates forget with an account that is deleted. Texts stay, as of a deleted account or of their pseudonym."""

from datetime import datetime

from sqlalchemy import delete

from civic.accounts.models import Account
from civic.extensions import db
from consultations.agora.arguing import service as arguing
from consultations.agora.lasting import service as lasting
from consultations.agora.models import AgoraDebate
from consultations.agora.statements import service as statements


def forget_account(account: Account, now: datetime) -> None:
    """Forget where somebody stands, how they judge and vote, whose their pseudonyms are, and their drafts."""
    # Votes first: afterwards nobody knows whose a pseudonym's are.
    statements.forget_account(account.id)
    lasting.forget_account(account.id)
    arguing.forget_account(account.id, now)
    db.session.execute(
        delete(AgoraDebate).where(
            AgoraDebate.account_id == account.id,
            AgoraDebate.submitted_at.is_(None),
            AgoraDebate.hidden_at.is_(None),
        )
    )
