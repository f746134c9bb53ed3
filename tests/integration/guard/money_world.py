"""The money side: a file that is looked over and not loaded."""

from typing import Any

from civic.accounts.models import Account
from tests.integration.imports.importkit import checked, decision, table


def money(staff: Account, secret: str) -> dict[str, Any]:
    """Everything, by name."""
    return {"import": checked(staff.as_actor(), table(decision(1, secret)), source=secret).id}
