"""The mail that was written to the data directory, for a first run without a mail server. Never in production."""

from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path

from flask import Blueprint, current_app, render_template
from markupsafe import Markup

from civic.errors import NotFound
from civic.format import moment
from civic.policy import public
from civic.text import render_plain

blueprint = Blueprint("dev_mail", __name__, url_prefix="/dev/mail")

NEWEST = 100


@dataclass(frozen=True)
class Letter:
    """One message as a reader sees it."""

    name: str
    to: str
    subject: str
    date: str
    body: Markup


def _files() -> list[Path]:
    folder: Path = current_app.config["SETTINGS"].mail_folder
    return sorted(folder.glob("*.eml"), reverse=True)[:NEWEST] if folder.is_dir() else []


def _read(path: Path) -> Letter:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    part = message.get_body(("plain",))
    text = str(part.get_content()) if part is not None else ""
    return Letter(
        path.stem,
        str(message["To"]),
        str(message["Subject"]),
        moment(message["Date"].datetime) if message["Date"] else "",
        render_plain(text),
    )


@blueprint.get("")
@public
def index() -> str:
    """Newest first."""
    return render_template("accounts/dev_mail.html", letters=[_read(path) for path in _files()])


@blueprint.get("/<name>")
@public
def show(name: str) -> str:
    """One message."""
    for path in _files():
        if path.stem == name:
            return render_template("accounts/dev_letter.html", letter=_read(path))
    raise NotFound
