"""What pages, panels and downloads show of the register, made once for all of them."""

from collections.abc import Iterable
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from civic import numbers
from civic.files.views import file_url
from civic.text import excerpt, plain_cell, render_plain
from consultations.contributions import keeping, listing, queries, rules
from consultations.contributions.labels import (
    ANSWER_STATES,
    CHANNELS,
    HIDDEN,
    NOT_CONSIDERED,
    NOT_KEPT,
    OUTCOMES,
    REVIEWS,
    TONES,
    UNCHECKED,
    UNREAD,
    WAITING,
)
from consultations.contributions.models import Answer, Attachment, Contribution, Review
from consultations.contributions.rules import AnswerState, Outcome
from consultations.models import Consultation


def author_of(entry: Contribution) -> str:
    """The name everyone reads; of who deleted the account and did not keep it, that."""
    if entry.shown_as == "deleted":
        return _("deleted account")
    return entry.author_name or _("Without a name")


def notice_of(entry: Contribution) -> Any:
    """Why the text is not shown, or not whole; empty when it is."""
    if entry.hidden_at is None:
        return ""
    if entry.hidden_reason == rules.SEEN_BY_NOBODY:
        return UNCHECKED if keeping.waits_for_moderator(entry) else UNREAD
    return HIDDEN[entry.hidden_for, bool(entry.body)]


def state_of(entry: Contribution, answer: Answer | None) -> tuple[Any, str]:
    """Where the answer stands for everyone, and in which tone."""
    if answer is not None:
        return OUTCOMES[Outcome(answer.outcome)], TONES[Outcome(answer.outcome)]
    if entry.considered is False:
        return NOT_CONSIDERED, "grey"
    return WAITING, "sand"


def answer_item(answer: Answer) -> dict[str, Any]:
    """An answer as it is read; a withdrawn one is struck through."""
    return {
        "answer": answer,
        "id": answer.id,
        "outcome": OUTCOMES[Outcome(answer.outcome)],
        "tone": TONES[Outcome(answer.outcome)],
        "reason": render_plain(answer.reason),
        "state": ANSWER_STATES[AnswerState(answer.state)],
        "withdrawn": answer.state == AnswerState.WITHDRAWN,
        "common": answer.theme_id is not None,
    }


def file_items(files: Iterable[Attachment], everything: bool = False) -> list[dict[str, Any]]:
    """What came along: the address of what the reader may open, the name of the rest."""
    return [
        {
            "attachment": one,
            "name": one.name,
            "url": file_url(one.file) if one.file is not None and (everything or one.file.public) else "",
            "words": NOT_KEPT.get(one.not_kept, ""),
            "public": one.file is not None and one.file.public,
        }
        for one in files
    ]


def review_item(review: Review | None, everything: bool = False) -> dict[str, Any] | None:
    """What the author said about the answer and what was found. What seems to hold personal data is not for everyone."""
    if review is None:
        return None
    return {
        "review": review,
        "text": render_plain(review.text) if everything or not rules.looks_personal(review.text) else "",
        "outcome": REVIEWS.get(review.outcome, ""),
        "reason": render_plain(review.reason),
    }


def item(entry: Contribution, near: listing.Beside, *, whole: bool = False) -> dict[str, Any]:
    """An entry with all that stands beside it. `whole` shows the text as it came: to its author, to those who answer."""
    mine = [one for one in near.answers if rules.concerns(queries.asked(entry), one)]  # type: ignore[arg-type]
    answer = queries.pick(entry, near.answers)
    state, tone = state_of(entry, answer)
    past = [one for one in mine if one.state == AnswerState.WITHDRAWN]
    working = [one for one in mine if one.state in (AnswerState.DRAFT, AnswerState.SUBMITTED)]
    # An own answer in hand says more than a common one in hand.
    working.sort(key=lambda one: one.contribution_id != entry.id)
    in_hand = answer_item(working[0]) if working else None
    twin = near.twins.get(entry.same_as_id or 0)
    title = keeping.whole_title(entry) if whole else entry.title
    body = keeping.whole_text(entry) if whole else entry.body
    return {
        "entry": entry,
        "url": url_for("contributions.show", consultation_id=entry.consultation_id, number=entry.number),
        "channel": CHANNELS[entry.channel],
        "author": author_of(entry),
        "title": title,
        "body": render_plain(body),
        "excerpt": excerpt(body, 320),
        "cut": len(body) > 320,
        "notice": notice_of(entry),
        "notice_reason": "" if entry.hidden_reason == rules.SEEN_BY_NOBODY else entry.hidden_reason,
        "state": state,
        "tone": tone,
        "answer": answer_item(answer) if answer else None,
        "past": [answer_item(one) for one in past],
        "working": in_hand,
        # Where the answer stands for those who answer: what waits for a signature does not wait for an author.
        "stands": in_hand["state"] if in_hand and not answer else state,
        "stands_tone": "blue" if in_hand and not answer else tone,
        "files": file_items(_files_told(entry, near, whole), whole),
        "review": review_item(near.reviews.get(entry.id), whole),
        "twin": {"reference": twin.reference, "url": _url_of(twin)} if twin else None,
        "card": near.organisations.get(entry.organisation_id or 0),
        "theme": near.themes.get(entry.theme_id or 0),
    }


def _files_told(entry: Contribution, near: listing.Beside, whole: bool) -> list[Attachment]:
    """Of a text that is not shown whole, the names of files may say what was taken out."""
    files = near.files.get(entry.id, [])
    if whole or entry.hidden_at is None:
        return files
    return [one for one in files if one.file is not None and one.file.public]


def _url_of(entry: Contribution) -> str:
    return url_for("contributions.show", consultation_id=entry.consultation_id, number=entry.number)


def one_item(entry: Contribution, *, whole: bool = False) -> dict[str, Any]:
    """A single entry as `item` shows it."""
    return item(entry, listing.beside([entry]), whole=whole)


def read_filters() -> listing.Filters:
    """The register's filters out of the address; what is not in our lists is left out."""
    channel, answer = request.args.get("channel", ""), request.args.get("answer", "")
    known = {"waiting", "answered", "not_considered", *(str(one) for one in Outcome)}
    return listing.Filters(
        text=request.args.get("q", "").strip()[:200],
        channel=channel if channel in CHANNELS else "",
        theme_id=numbers.whole_number(request.args.get("theme")),
        answer=answer if answer in known else "",
        late=request.args.get("late") == "1",
    )


def register_context(one: Consultation) -> dict[str, Any]:
    """The public register, page and swap alike."""
    filters, page = read_filters(), numbers.page_number()
    rows, total, near = listing.list_register(one.id, filters, page)
    themes = listing.list_themes(one.id)
    return {
        "consultation": one,
        "filters": filters,
        "items": [item(row, near) for row in rows],
        "total": total,
        "page": page,
        "pages": max(1, -(-total // listing.PER_PAGE)),
        "channel_choices": [("", _("Every way")), *CHANNELS.items()],
        "theme_choices": [("", _("All themes")), *((theme.id, theme.title) for theme, _count in themes)],
        "answer_choices": [
            ("", _("Answered or not")),
            ("waiting", WAITING),
            ("answered", _("Answered")),
            *((str(outcome), words) for outcome, words in OUTCOMES.items()),
            ("not_considered", NOT_CONSIDERED),
        ],
    }


def csv_header() -> list[str]:
    """The names of the download's columns."""
    return [
        _("Number"), _("Reference"), _("Arrived"), _("Way"), _("Author"), _("Organisation"), _("Late"),
        _("Text"), _("Theme"), _("Outcome"), _("Reason"), _("Where it changed something"), _("Link"),
        _("Function of who answered"), _("Answered on"),
    ]  # fmt: skip


def csv_row(entry: Contribution, near: listing.Beside) -> list[str]:
    """One entry of the download, as everyone may read it."""
    answer, theme = queries.pick(entry, near.answers), near.themes.get(entry.theme_id or 0)
    state, _tone = state_of(entry, answer)
    text = "\n\n".join(part for part in (entry.title, entry.body, str(notice_of(entry))) if part)
    cells = [
        str(entry.number), entry.reference, entry.received_at.isoformat(timespec="seconds"),
        str(CHANNELS[entry.channel]), author_of(entry) if entry.author_name else "", _("yes") if entry.by_organisation else _("no"),
        _("yes") if entry.late else _("no"), text, theme.title if theme else "", str(state),
        answer.reason if answer else entry.considered_reason, answer.place if answer else "",
        answer.link if answer else "", answer.author_function if answer else "",
        answer.published_at.isoformat(timespec="seconds") if answer and answer.published_at else "",
    ]  # fmt: skip
    return [plain_cell(cell) for cell in cells]
