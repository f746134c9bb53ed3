"""What tests of verification from afar share: a round that accepts it, what somebody types, the code that came."""

import json
import re
from typing import Any

from flask import Flask
from sqlalchemy import select

from civic import clock, sms
from civic.accounts.identity import cnp_check_digit
from civic.accounts.models import Account
from civic.extensions import db
from civic.outbox import OutboxMessage
from civic.places.models import Neighbourhood
from civic.rounds.models import Round
from tests.integration.voting.votingkit import make_round
from tests.pageclient import Page, PageClient

CNP = "1800101123450"


def another_cnp(serial: int) -> str:
    """Personal numbers of people born on 1 January 1980."""
    first = f"180010142{serial:03d}"
    return f"{first}{cnp_check_digit(first)}"


def accepting(*ways: str, **values: Any) -> Round:
    """A city round whose vote runs and that accepts these ways besides the desk."""
    return make_round(remote_verification=list(ways), **values)


def declared(place: Neighbourhood, **changes: Any) -> dict[str, Any]:
    """The declaration as it is typed."""
    return {
        "kind": "cnp",
        "full_name": "Zenovia Popescu-Test",
        "cnp": CNP,
        "country": "",
        "country_code": "",
        "document": "",
        "birth_date": ["1", "1", "1980"],
        "area_basis": "domicile",
        "street": "Strada Zmeurei",
        "number": "7bis",
        "more": "sc. B, ap. 12",
        "postcode": "021234",
        "neighbourhood": str(place.id),
        "consent": "y",
        **changes,
    }


def declare(
    client: PageClient, place: Neighbourhood, way: str = "email", expect: int = 303, **changes: Any
) -> Page:
    """Send the declaration; `slug` names the round somebody comes from."""
    slug = changes.pop("slug", None)
    return client.post("verifying.declare", declared(place, **changes), way=way, round=slug, expect=expect)


def code_by_mail(account: Account) -> str:
    """The newest code mailed to the account."""
    body = db.session.scalars(
        select(OutboxMessage.body)
        .where(OutboxMessage.address == account.email, OutboxMessage.body.regexp_match(r"\n[0-9]{6}\n"))
        .order_by(OutboxMessage.id.desc())
    ).first()
    assert body is not None, "no code was mailed"
    found = re.search(r"^([0-9]{6})$", body, re.MULTILINE)
    assert found
    return found.group(1)


def code_by_sms(app: Flask) -> str:
    """The newest code in the development folder, after the worker has run."""
    sms.deliver_due(clock.now())
    # By the machine's clock: earlier tests travelled.
    newest = max(app.config["SETTINGS"].sms_folder.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
    return str(json.loads(newest.read_text())["text"])[:6]


def wrong(code: str) -> str:
    """A code that is not this one."""
    return f"{(int(code) + 1) % 1_000_000:06d}"
