"""A file for the pages that axe reads: looked over, with rows that change, are refused, and lose a department."""

from datetime import datetime

from sqlalchemy import select

from civic.accounts.models import Account
from civic.extensions import db
from tests.integration.imports.importkit import bring, checked, decision, loaded, table
from tests.integration.purchases.purchasekit import full


def stage(now: datetime) -> None:
    """One file loaded, one looked over, one whose columns wait to be matched, and a contract that was changed."""
    staff = (
        db.session.scalars(select(Account).where(Account.email == "simona@civic.example")).one().as_actor()
    )
    loaded(staff, table(decision(901), decision(902)), source="Registrul hotărârilor")
    bring(staff, table(decision(903)), source="Registrul hotărârilor")
    checked(staff, table(decision(901, "Alt titlu"), decision(902), decision(904), "X,,31.02.2024,2024,,,,,"),
            source="Registrul hotărârilor")  # fmt: skip
    full(staff)
