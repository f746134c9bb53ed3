"""Purchases as Open Contracting Data Standard 1.1: releases and records, written as they are read.

A purchase is one contracting process. Its first release says everything that is known; each amendment of the
contract is a release of its own. A record holds them all and what they amount to. What the source does not state is
left out: a figure is never made up, and an amount whose VAT is not stated says so in its description.
"""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from flask import current_app, url_for

from civic.config import Settings
from civic.purchases.models import Purchase, PurchaseAmendment

#: (method of the standard, whether it is said at all); the procedure's own name stands in the details
METHODS = {
    "open": "open", "simplified": "open", "restricted": "selective", "competitive_dialogue": "selective",
    "framework": "selective", "negotiated": "limited", "direct": "direct",
}  # fmt: skip
DETAILS = {
    "open": "licitație deschisă", "restricted": "licitație restrânsă", "negotiated": "negociere",
    "competitive_dialogue": "dialog competitiv", "simplified": "procedură simplificată", "direct": "achiziție directă",
    "framework": "acord-cadru", "other": "altă procedură",
}  # fmt: skip
LICENSE = "https://creativecommons.org/licenses/by/4.0/"
_EXACT = re.compile(r'"\\u0000(-?[0-9]+\.[0-9]{2})"')


def dumps(value: Any) -> str:
    """JSON in which an amount is a number with its two decimals, exactly."""
    return _EXACT.sub(r"\1", json.dumps(value, ensure_ascii=True, default=_exact))


def _exact(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"\0{value:.2f}"
    raise TypeError(type(value).__name__)


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _midnight(value: date) -> str:
    return _moment(datetime.combine(value, time(0), UTC))


def prefix() -> str:
    """What every identifier of this city's processes begins with: its own host, until a prefix is registered."""
    from urllib.parse import urlsplit

    host = urlsplit(_settings().base_url).hostname or "civic"
    return "ocds-" + re.sub(r"[^a-z0-9]+", "-", host.lower()).strip("-")


def ocid_of(purchase: Purchase) -> str:
    """The process's identifier, the same for ever."""
    return f"{prefix()}-{purchase.id}"


def _buyer() -> dict[str, str]:
    return {"id": "buyer", "name": _settings().city.authority}


def _supplier(purchase: Purchase) -> dict[str, str]:
    name = purchase.supplier or purchase.supplier_code
    return {"id": f"supplier-{purchase.supplier_code or purchase.id}", "name": name}


def _value(purchase: Purchase) -> tuple[dict[str, Any] | None, str]:
    """The amount without VAT where it is known, and what the amount is, in words."""
    if purchase.amount_net is not None:
        return {"amount": purchase.amount_net, "currency": purchase.currency}, "Valoare fără TVA."
    if purchase.amount is not None:
        words = "Sursa nu precizează dacă valoarea cuprinde TVA."
        return {"amount": purchase.amount, "currency": purchase.currency}, words
    if purchase.amount_gross is not None:
        return {"amount": purchase.amount_gross, "currency": purchase.currency}, "Valoare cu TVA."
    return None, ""


def _without_nothing(value: dict[str, Any]) -> dict[str, Any]:
    return {key: one for key, one in value.items() if one not in (None, "", [])}


def _body(purchase: Purchase, changes: Iterable[PurchaseAmendment]) -> dict[str, Any]:
    """Everything that is known of a process after some amendments."""
    value, told = _value(purchase)
    changes = list(changes)
    agreed = next((one.amount_after for one in reversed(changes) if one.amount_after is not None), None)
    contracted = bool(purchase.contract_number or purchase.signed_on or changes)
    categories = list(purchase.categories)
    party = {**_buyer(), "roles": ["buyer", "procuringEntity"]}
    if purchase.buyer:
        party["details"] = {"department": purchase.buyer}  # type: ignore[assignment]
    parties: list[dict[str, Any]] = [party]
    if purchase.supplier or purchase.supplier_code:
        identifier = {"scheme": "RO-CUI", "id": purchase.supplier_code} if purchase.supplier_code else None
        parties.append(
            _without_nothing({**_supplier(purchase), "roles": ["supplier"], "identifier": identifier})
        )
    body: dict[str, Any] = {
        "initiationType": "tender",
        "parties": parties,
        "buyer": _buyer(),
        "tender": _without_nothing(
            {
                "id": f"{ocid_of(purchase)}-tender",
                "title": purchase.title,
                "description": " ".join(part for part in (told, purchase.note) if part),
                "procuringEntity": _buyer(),
                "procurementMethod": METHODS.get(purchase.procedure),
                "procurementMethodDetails": DETAILS.get(purchase.procedure),
                "mainProcurementCategory": categories[0] if len(categories) == 1 else None,
                "additionalProcurementCategories": categories if len(categories) > 1 else None,
                "value": value,
            }
        ),
    }
    if purchase.project:
        body["planning"] = {"budget": {"project": purchase.project}}
    if len(parties) > 1 or contracted:
        award = {"id": f"{ocid_of(purchase)}-award", "title": purchase.title, "status": "active", "value": value,
                 "suppliers": [_supplier(purchase)] if len(parties) > 1 else None}  # fmt: skip
        body["awards"] = [_without_nothing(award)]
    if contracted:
        contract_value = {"amount": agreed, "currency": purchase.currency} if agreed is not None else value
        body["contracts"] = [
            _without_nothing(
                {
                    "id": purchase.contract_number or f"{ocid_of(purchase)}-contract",
                    "awardID": f"{ocid_of(purchase)}-award",
                    "title": purchase.title,
                    "value": contract_value,
                    "dateSigned": _midnight(purchase.signed_on) if purchase.signed_on else None,
                    "amendments": [
                        {"id": str(number), "date": _midnight(one.signed_on), "description": one.reason}
                        for number, one in enumerate(changes, 1)
                    ],
                }
            )
        ]
    return body


def releases_of(purchase: Purchase) -> list[dict[str, Any]]:
    """The releases of a process, the oldest first."""
    ocid, made = ocid_of(purchase), []
    for number in range(len(purchase.amendments) + 1):
        changes = purchase.amendments[:number]
        body = _body(purchase, changes)
        first = ["contract"] if "contracts" in body else (["award"] if "awards" in body else ["tender"])
        at = changes[-1].added_at if changes else purchase.created_at
        # What a correction changed is said by the newest release, under a name of its own.
        version = (
            f"-v{purchase.version}" if number == len(purchase.amendments) and purchase.version > 1 else ""
        )
        at = max(at, purchase.changed_at) if version else at
        head = {"ocid": ocid, "id": f"{ocid}-{number + 1}{version}", "date": _moment(at), "language": "ro",
                "tag": ["contractAmendment"] if changes else first}  # fmt: skip
        made.append({**head, **body})
    return made


def record_of(purchase: Purchase) -> dict[str, Any]:
    """A process with all its releases and what they amount to."""
    releases = releases_of(purchase)
    newest = releases[-1]
    compiled = {**newest, "id": f"{newest['id']}-compiled", "tag": ["compiled"]}
    return {"ocid": newest["ocid"], "releases": releases, "compiledRelease": compiled}


def _package(uri: str, published_at: datetime) -> dict[str, Any]:
    settings = _settings()
    return {
        "uri": uri,
        "version": "1.1",
        "publishedDate": _moment(published_at),
        "publisher": {"name": settings.city.authority, "uri": settings.base_url},
        "license": LICENSE,
        "publicationPolicy": settings.base_url.rstrip("/") + url_for("purchases.index"),
    }


def stream(kind: str, purchases: Iterable[Purchase], uri: str, now: datetime) -> Iterator[str]:
    """A package of releases or of records, in pieces: one purchase is held at a time."""
    head = dumps(_package(uri, now))
    yield f'{head[:-1]}, "{kind}": ['
    before = ""
    for purchase in purchases:
        for one in releases_of(purchase) if kind == "releases" else [record_of(purchase)]:
            yield f"{before}\n{dumps(one)}"
            before = ","
    yield "\n]}\n"
