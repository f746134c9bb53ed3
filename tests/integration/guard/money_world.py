"""The money side: a file that is not loaded, a purchase below the threshold with an amendment, a budget with a decision,
and a periodic report that is being written."""

from datetime import date
from decimal import Decimal
from typing import Any

from civic import clock
from civic.accounts.models import Account
from civic.budget import service as budget
from civic.clock import city_date
from civic.decisions import service as decisions
from civic.decisions.queries import find_decision
from civic.extensions import db
from civic.indicators.periods import year_of
from civic.purchases import service as purchases
from civic.reports import queries as reports
from civic.reports import service as reporting
from tests.integration.imports.importkit import checked, decision, loaded, table
from tests.integration.purchases.purchasekit import buy


def money(staff: Account, secret: str) -> dict[str, Any]:
    """Everything, by name."""
    actor, now = staff.as_actor(), clock.now()
    loaded(actor, table(decision(7)))
    loaded(
        actor,
        table("1,cheltuieli,Parcuri,5,2024", head="id,kind,chapter,executed,year"),
        dataset="budget_chapters",
    )
    own = find_decision("7", 2024)
    assert own is not None
    tie = budget.tie_decision(actor, 2024, None, own.id, "approved", None, now)
    large, small = buy(actor, amount=Decimal(1000)), buy(actor, title=secret, amount=Decimal(10))
    amendment = purchases.add_amendment(actor, small.id, date(2024, 5, 1), None, secret, now)
    purchases.set_threshold(actor, date(2024, 1, 1), Decimal(500), "HCL 1/2024", now)
    draft = decisions.create(actor, decisions.Facts("council", "8", secret, year=2024), now)
    last = city_date(now).year - 1
    report, second = (reporting.begin(actor, year_of(year), now) for year in (last, last - 1))
    reporting.choose(actor, report.code, ["K1", "K2"], now)
    reporting.write(actor, report.code, secret, secret, secret, 1, now)
    db.session.commit()
    return {
        "report": report.code,
        "second_report": second.code,
        "report_entry": reports.list_entries(report.id)[0].id,
        "import": checked(actor, table(decision(1, secret)), source=secret).id,
        "small_purchase": small.id,
        "large_purchase": large.id,
        "amendment": amendment.id,
        "budget_tie": tie,
        "draft_decision": draft.id,
    }
