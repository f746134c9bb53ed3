"""What pages show about purchases."""

from collections.abc import Iterable
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from civic import links, numbers
from civic.format import money
from civic.imports.queries import source_names
from civic.places.queries import list_departments
from civic.purchases import history, labels, ocds, queries, rules
from civic.purchases.models import Purchase
from civic.purchases.queries import Filters

KIND = "purchase"
_FILTERS = ("q", "year", "procedure", "category", "department")


def read_filters() -> Filters:
    """The address's filters; what is not in our lists is left out."""
    procedure, category = request.args.get("procedure", ""), request.args.get("category", "")
    slug = request.args.get("department", "")
    department = next((one.id for one in list_departments() if one.slug == slug), None) if slug else None
    return Filters(
        text=request.args.get("q", "").strip()[:200],
        year=numbers.whole_number(request.args.get("year"), 9999),
        procedure=procedure if procedure in rules.PROCEDURES else "",
        category=category if category in rules.CATEGORIES else "",
        department_id=department,
    )


def amount_words(purchase: Purchase) -> str:
    """The amount in a line, with what it says about VAT."""
    if purchase.amount_net is not None:
        return _("%(amount)s without VAT", amount=money(purchase.amount_net, purchase.currency))
    if purchase.amount is not None:
        return _("%(amount)s, VAT not stated", amount=money(purchase.amount, purchase.currency))
    if purchase.amount_gross is not None:
        return _("%(amount)s with VAT", amount=money(purchase.amount_gross, purchase.currency))
    return _("amount not published")


def line_of(purchase: Purchase) -> dict[str, Any]:
    """A purchase in a list of those of one work: its amount, and what it came to where its contract was changed."""
    agreed = rules.agreed(one.amount_after for one in purchase.amendments)
    return {
        "purchase": purchase,
        "amount": amount_words(purchase),
        "agreed": None if agreed is None else money(agreed, purchase.currency),
    }


def category_words(purchase: Purchase) -> str:
    """Goods, services or works; several when the source gives one amount for all."""
    return ", ".join(str(labels.CATEGORIES[one]) for one in purchase.categories)


def list_context(endpoint: str, everything: bool = False) -> dict[str, Any]:
    """The register with the filters of the address; with `everything` also what is below the threshold."""
    filters = read_filters()
    year, _dash, number = request.args.get("after", "").partition("-")
    place = (numbers.whole_number(year, 9999), numbers.whole_number(number))
    after = (place[0], place[1]) if place[0] is not None and place[1] is not None else None
    page = queries.find_page(filters, after, everything)
    kept: dict[str, Any] = {name: request.args[name] for name in _FILTERS if request.args.get(name)}
    further = f"{page.rows[-1].year}-{page.rows[-1].id}" if page.further else None
    return {
        "filters": filters,
        "rows": [(one, amount_words(one), category_words(one)) for one in page.rows],
        "total": page.total,
        "most": page.most,
        "procedures": [("", _("All procedures")), *labels.PROCEDURES.items()],
        "categories": [("", _("Goods, services and works")), *labels.CATEGORIES.items()],
        "years": [("", _("All years")), *((one, str(one)) for one in queries.list_years())],
        "departments": [("", _("All departments")), *((one.slug, one.name) for one in list_departments())],
        "department": request.args.get("department", ""),
        "labels": labels,
        "csv": url_for("purchases.table", **kept),
        "further": url_for(endpoint, **kept, after=further) if further else None,
        "first": url_for(endpoint, **kept) if after else None,
        "threshold": next(iter(queries.list_thresholds()), None),
    }


def detail_context(purchase: Purchase) -> dict[str, Any]:
    """Everything on the page of one purchase."""
    return {
        "purchase": purchase,
        "categories": category_words(purchase),
        "source": source_names([purchase.source_id]).get(purchase.source_id or 0, ""),
        "labels": labels,
        "ocid": ocds.ocid_of(purchase),
    }


def public_context(purchase: Purchase) -> dict[str, Any]:
    """The same with what was changed since it was published."""
    told, further = history.of_purchase(purchase)
    return {**detail_context(purchase), "history": told, "further": further}


def resolve(ids: Iterable[int]) -> dict[int, links.Link]:
    """Purchases as other features meet them."""
    return {
        one.id: links.Link(
            KIND, one.id, one.title, url_for("purchases.show", purchase_id=one.id), _("Public purchase")
        )
        for one in queries.list_by_ids(ids)
    }
