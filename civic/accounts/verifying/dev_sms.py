"""The text messages that were written to the data directory, for a first run without a gateway. Never in production."""

import json
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, current_app, render_template

from civic.format import moment
from civic.policy import public

blueprint = Blueprint("dev_sms", __name__, url_prefix="/dev/sms")

NEWEST = 50


@dataclass(frozen=True)
class Message:
    """One message as its reader sees it."""

    to: str
    text: str
    date: str


def list_messages() -> list[Message]:
    """What was written, the newest first."""
    folder = current_app.config["SETTINGS"].sms_folder
    if not folder.is_dir():
        return []
    found = [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"), reverse=True)[:NEWEST]]
    return [Message(one["to"], one["text"], moment(datetime.fromisoformat(one["at"]))) for one in found]


@blueprint.get("")
@public
def index() -> str:
    """Newest first."""
    return render_template("verifying/dev_sms.html", messages=list_messages())
