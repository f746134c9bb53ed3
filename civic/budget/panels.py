"""What the budget adds to the pages of decisions and of deliveries."""

from typing import Any

from flask import url_for

from civic.budget import labels, queries
from civic.navigation import Panel


def decision(context: dict[str, Any]) -> Panel | None:
    """The budgets this decision approved or revised."""
    ties = queries.list_of_decision(context["decision"].id)
    if not ties:
        return None
    rows = []
    for one in ties:
        name, url = None, url_for("budget.year", year=one.year)
        if one.chapter_id is not None:
            name, url = (
                queries.get_chapter(one.chapter_id).name,
                url_for("budget.chapter", year=one.year, chapter_id=one.chapter_id),
            )
        elif one.line_id is not None:
            line = queries.get_line(one.line_id)
            name = line.institution
            if line.chapter_id is not None:
                url = url_for("budget.chapter", year=one.year, chapter_id=line.chapter_id)
        rows.append({"role": one.role, "name": name, "url": url, "year": one.year, "amount": one.amount})
    return Panel("budget/_decision_panel.html", {"rows": rows, "labels": labels}, position=20)


def delivery(context: dict[str, Any]) -> Panel | None:
    """The budgets of the department that answers for a work, so that a reader gets from the work to its money."""
    department = context["delivery"].department
    lines = queries.list_department_totals(department.id) if department is not None else []
    if not lines:
        return None
    rows = [(one, url_for("budget.chapter", year=one.year, chapter_id=one.chapter_id)) for one in lines]
    return Panel("budget/_delivery_panel.html", {"rows": rows, "department": department}, position=25)
