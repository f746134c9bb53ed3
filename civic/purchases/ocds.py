"""Purchases as Open Contracting Data Standard 1.1: releases and records, written as they are read.

A purchase is one contracting process. Its first release says everything that is known; each amendment of the
contract and each correction is a release of its own, and earlier ones stay as they were published
(`civic/purchases/editions.py` keeps their text). A release says everything again; what it no longer says it takes
back in the standard's way (null; an award or a contract that was entered by mistake is cancelled), so that merging
the releases gives the record's compiled release. What the source does not state is left out: a figure is never made
up, and an amount whose VAT is not stated says so in its description.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, NamedTuple

from flask import current_app, url_for

from civic.config import Settings
from civic.purchases import rules
from civic.purchases.models import Purchase
from civic.purchases.states import State

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


def loads(text: str) -> dict[str, Any]:
    """What `dumps` wrote, with its amounts as they are."""
    made: dict[str, Any] = json.loads(text, parse_float=Decimal)
    return made


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


def ocid_of(purchase: Purchase | State) -> str:
    """The process's identifier, the same for ever."""
    return f"{prefix()}-{purchase.id}"


def _buyer() -> dict[str, str]:
    return {"id": "buyer", "name": _settings().city.authority}


def _supplier(state: State) -> dict[str, str]:
    return {"id": "supplier", "name": state.supplier or state.supplier_code}


def _value(state: State) -> tuple[dict[str, Any] | None, str]:
    """The amount without VAT where it is known, and what the amount is, in words."""
    if state.amount_net is not None:
        return {"amount": state.amount_net, "currency": state.currency}, "Valoare fără TVA."
    if state.amount is not None:
        words = "Sursa nu precizează dacă valoarea cuprinde TVA."
        return {"amount": state.amount, "currency": state.currency}, words
    if state.amount_gross is not None:
        return {"amount": state.amount_gross, "currency": state.currency}, "Valoare cu TVA."
    return None, ""


def _without_nothing(value: dict[str, Any]) -> dict[str, Any]:
    return {key: one for key, one in value.items() if one not in (None, "", [])}


def _parties(state: State) -> list[dict[str, Any]]:
    party: dict[str, Any] = {**_buyer(), "roles": ["buyer", "procuringEntity"]}
    if state.buyer:
        party["details"] = {"department": state.buyer}
    if not (state.supplier or state.supplier_code):
        return [party]
    identifier = {"scheme": "RO-CUI", "id": state.supplier_code} if state.supplier_code else None
    return [party, _without_nothing({**_supplier(state), "roles": ["supplier"], "identifier": identifier})]


def _body(state: State) -> dict[str, Any]:
    """Everything that is known of a process. Identifiers inside it never change, whatever is corrected."""
    value, told = _value(state)
    changes = state.amendments
    agreed = rules.agreed(one.amount_after for one in changes)
    contracted = bool(state.contract_number or state.signed_on or changes)
    categories = list(state.categories)
    parties = _parties(state)
    body: dict[str, Any] = {
        "initiationType": "tender",
        "parties": parties,
        "buyer": _buyer(),
        "tender": _without_nothing(
            {
                "id": f"{ocid_of(state)}-tender",
                "title": state.title,
                "description": " ".join(part for part in (told, state.note) if part),
                "procuringEntity": _buyer(),
                "procurementMethod": METHODS.get(state.procedure),
                "procurementMethodDetails": DETAILS.get(state.procedure),
                "mainProcurementCategory": categories[0] if len(categories) == 1 else None,
                "additionalProcurementCategories": categories if len(categories) > 1 else None,
                "value": value,
            }
        ),
    }
    if state.project:
        body["planning"] = {"budget": {"project": state.project}}
    if len(parties) > 1 or contracted:
        award = {"id": f"{ocid_of(state)}-award", "title": state.title, "status": "active", "value": value,
                 "suppliers": [_supplier(state)] if len(parties) > 1 else None}  # fmt: skip
        body["awards"] = [_without_nothing(award)]
    if contracted:
        number = f"Contract nr. {state.contract_number}" if state.contract_number else None
        body["contracts"] = [
            _without_nothing(
                {
                    "id": f"{ocid_of(state)}-contract",
                    "awardID": f"{ocid_of(state)}-award",
                    "title": state.title,
                    "description": number,
                    "value": {"amount": agreed, "currency": state.currency} if agreed is not None else value,
                    "dateSigned": _midnight(state.signed_on) if state.signed_on else None,
                    "amendments": [
                        {"id": str(one.id), "date": _midnight(one.signed_on), "description": one.reason}
                        for one in changes
                    ],
                }
            )
        ]
    return body


#: What stays of an entry of a list that is no longer said: its identifier, and that it does not count.
_TAKEN_BACK = {
    "awards": {"status": "cancelled"},
    "contracts": {"status": "cancelled"},
    "amendments": {"rationale": "Înscrisă din greșeală și retrasă."},
}
_HEAD = ("ocid", "id", "date", "language", "tag")


def _nothing(name: str, value: Any) -> Any:
    """What says that a value is no longer said."""
    if isinstance(value, dict):
        return {key: _nothing(key, one) for key, one in value.items()}
    if isinstance(value, list) and isinstance(value[0], dict):
        return [_taken_back(name, one) for one in value]
    return None


def _taken_back(name: str, entry: dict[str, Any]) -> dict[str, Any]:
    kept = {key: one if key in ("id", "awardID") else _nothing(key, one) for key, one in entry.items()}
    return {**kept, **_TAKEN_BACK.get(name, {})}


def _after(before: Mapping[str, Any], body: Mapping[str, Any]) -> dict[str, Any]:
    """A body that also takes back what was said before and it says no more."""
    made = dict(body)
    for name, old in before.items():
        new = body.get(name)
        if new is None:
            made[name] = _nothing(name, old)
        elif isinstance(new, dict):
            made[name] = _after(old, new)
        elif isinstance(new, list) and isinstance(new[0], dict):
            said = {one["id"]: one for one in new}
            made[name] = [
                _after(one, said.pop(one["id"])) if one["id"] in said else _taken_back(name, one)
                for one in old
            ] + list(said.values())
    return made


def _merged(value: Any) -> Any:
    """A whole release without what it takes back."""
    if isinstance(value, dict):
        parts = {key: _merged(one) for key, one in value.items()}
        return {key: one for key, one in parts.items() if one not in (None, {}, [])}
    return [_merged(one) for one in value] if isinstance(value, list) else value


def _said(text: str) -> dict[str, Any]:
    """What a written release amounts to, without its head."""
    whole: dict[str, Any] = _merged(loads(text))
    return {name: one for name, one in whole.items() if name not in _HEAD}


def _stage(body: Mapping[str, Any]) -> str:
    return "contract" if "contracts" in body else ("award" if "awards" in body else "tender")


def _ends(body: Mapping[str, Any]) -> bool:
    return bool(body["awards"][0]["status"] == "cancelled")


def _tags(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[str]:
    """What a release is, from the standard's list: a stage that is new, a change of the contract, or a correction."""
    stage = _stage(after)
    if before is None or _stage(before) != stage:
        return [stage]
    if stage != "contract":
        ended = stage == "award" and _ends(after) and not _ends(before)
        return ["awardCancellation" if ended else f"{stage}Update"]
    known = {one["id"] for one in before["contracts"][0].get("amendments", [])}
    told = {one["id"] for one in after["contracts"][0].get("amendments") or []}
    if told <= known:
        return ["contractUpdate"]
    same = _unamended(before, known) == _unamended(after, known)
    return ["contractAmendment"] if same else ["contractAmendment", "contractUpdate"]


def _unamended(body: Mapping[str, Any], known: set[str]) -> dict[str, Any]:
    """What an amendment does not change: everything but the contract's amount and further amendments."""
    contract = {name: one for name, one in body["contracts"][0].items() if name != "value"}
    earlier = [one for one in contract.pop("amendments", None) or [] if one["id"] in known]
    return {**body, "contracts": [contract, earlier]}


class Told(NamedTuple):
    """A release as it is written, with the state of the purchase that it tells."""

    text: str
    state: State


def _written(number: str, at: str, before: Mapping[str, Any] | None, state: State) -> str | None:
    """The release that comes after what was said before; None when nothing is to be said."""
    ocid, made = ocid_of(state), _after(before or {}, _body(state))
    if made == before:
        return None
    head = {"ocid": ocid, "id": f"{ocid}-{number}", "date": at, "language": "ro", "tag": _tags(before, made)}
    return dumps({**head, **made})


def date_of(text: str) -> datetime:
    """When a written release was made."""
    return datetime.fromisoformat(loads(text)["date"])


def first_releases(state: State) -> list[Told]:
    """The releases of a process of which none is kept: as it began, then each amendment of the contract."""
    noted = sorted(state.amendments, key=lambda one: (one.added_at, one.id))
    made: list[Told] = []
    at, before = _moment(state.created_at), None
    for number in range(len(noted) + 1):
        part = state.with_amendments(noted[:number])
        version = ""
        if number:
            at = max(at, _moment(noted[number - 1].added_at))
        if number == len(noted) and state.version > 1:
            at, version = max(at, _moment(state.changed_at)), f"-v{state.version}"
        text = _written(f"{number + 1}{version}", at, before, part)
        if text is not None:
            made.append(Told(text, part))
            before = _said(text) if number < len(noted) else None
    return made


def next_release(state: State, last: str, number: int) -> str | None:
    """The release after the last kept one, under its number; None when that one says all of it already."""
    at = max(str(loads(last)["date"]), _moment(state.changed_at))
    return _written(str(number), at, _said(last), state)


def texts_of(purchase: Purchase) -> list[str]:
    """The releases of a process as they are written, the oldest first: those that were kept, then the newest."""
    state = State.of_row(purchase)
    kept = [one.release for one in purchase.editions if one.release]
    if not kept:
        return [one.text for one in first_releases(state)]
    newest = next_release(state, kept[-1], purchase.editions[-1].number + 1)
    return kept if newest is None else [*kept, newest]


def releases_of(purchase: Purchase) -> list[dict[str, Any]]:
    """The releases of a process, the oldest first."""
    return [loads(one) for one in texts_of(purchase)]


def _record(purchase: Purchase) -> str:
    """A process with all its releases and what they amount to."""
    releases = texts_of(purchase)
    newest = loads(releases[-1])
    compiled = {**_merged(newest), "id": f"{newest['id']}-compiled", "tag": ["compiled"]}
    listed = ", ".join(releases)
    return (
        f'{{"ocid": {dumps(newest["ocid"])}, "releases": [{listed}], "compiledRelease": {dumps(compiled)}}}'
    )


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
        for one in texts_of(purchase) if kind == "releases" else [_record(purchase)]:
            yield f"{before}\n{one}"
            before = ","
    yield "\n]}\n"
