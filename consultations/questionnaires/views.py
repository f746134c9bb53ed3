"""Answering: one page after the other, back without losing, everything once more before it is sent."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from civic import clock
from civic.errors import DomainError, Invalid
from civic.extensions import db, limiter
from civic.files import queries as files
from civic.files.rules import extension_of
from civic.files.service import store_upload
from civic.format import language
from civic.moderation.gate.labels import WAITS
from civic.network import client_network
from civic.numbers import whole_number
from civic.policy import ask_to_sign_in, enforce, public
from civic.text import render_markdown
from civic.unit_of_work import writes
from consultations.questionnaires import answering, drafts, holding, policy, queries, rules, sheet, words
from consultations.questionnaires.drafts import Kept, Sitting
from consultations.questionnaires.models import AnswerFile, Questionnaire

blueprint = Blueprint(
    "questionnaires",
    __name__,
    url_prefix="/consultations/<int:consultation_id>/questionnaires/<int:questionnaire_id>",
)
COOKIE = "answers-"
DAYS = 30
#: Begun, sent and looked for from one network in an hour.
PER_NETWORK = "60 per hour"


def address(endpoint: str, one: Questionnaire, **values: Any) -> str:
    """The address of a page of a questionnaire."""
    return url_for(
        f"questionnaires.{endpoint}", consultation_id=one.consultation_id, questionnaire_id=one.id, **values
    )


def find(consultation_id: int, questionnaire_id: int) -> Questionnaire:
    """The questionnaire of the address, when the actor may read it."""
    one = queries.get_questionnaire(consultation_id, questionnaire_id)
    enforce(policy.can_read(g.actor, one))
    return one


def sitting_of(one: Questionnaire) -> Sitting | None:
    """Whose draft this browser goes on with."""
    return drafts.sitting_of(one, g.actor, request.cookies.get(f"{COOKIE}{one.id}"))


def has_answered(one: Questionnaire, sitting: Sitting | None = None) -> bool:
    """Whether this person, or without an account this browser, has answered."""
    if one.access == "anyone" and one.id in session.get("answered", ()):
        return True
    return queries.has_answered(one.id, answering.who_marks(one, g.actor, sitting))


def crumbs(one: Questionnaire, *more: str) -> list[tuple[str, str | None]]:
    """Where the page is; the consultation's own page is there when its feature has it."""
    title = one.told("title", language())
    consultation: tuple[str, str | None] = (one.consultation.title, consultation_url(one.consultation_id))
    return [consultation, (title, address("show", one) if more else None), *((label, None) for label in more)]


def consultation_url(consultation_id: int) -> str | None:
    """Where the consultation's own page is."""
    if "consultations.show" not in current_app.view_functions:
        return None
    return url_for("consultations.show", consultation_id=consultation_id)


def _go(target: str) -> Any:
    return redirect(target, code=303)


def _begun(one: Questionnaire) -> tuple[Sitting, Kept] | None:
    """The sitting and the draft of somebody who may answer now; None when they have not begun."""
    sitting = sitting_of(one)
    enforce(policy.can_answer(g.actor, one, has_answered(one, sitting), clock.now()))
    kept = drafts.find(sitting)
    return (sitting, kept) if sitting is not None and kept is not None else None


@blueprint.get("")
@public
def show(consultation_id: int, questionnaire_id: int) -> str:
    """What it is, who may answer, how answers are kept; the way in, or on."""
    one = find(consultation_id, questionnaire_id)
    sitting, now = sitting_of(one), clock.now()
    answered = has_answered(one, sitting)
    intro = one.told("intro", language())
    return render_template(
        "questionnaires/show.html",
        one=one,
        title=one.told("title", language()),
        intro=render_markdown(intro) if intro else "",
        questions=len(one.asked.questions),
        access=words.ACCESS[one.access],
        decision=policy.can_answer(g.actor, one, answered, now),
        sign_in=policy.must_sign_in(g.actor, one, now),
        answered=answered,
        begun=drafts.find(sitting) is not None,
        results=policy.can_see_results(g.actor, one, answered, now),
        breadcrumbs=crumbs(one),
    )


@blueprint.post("/start")
@public
@limiter.limit(PER_NETWORK)
@writes
def start(consultation_id: int, questionnaire_id: int) -> Any:
    """Begin, with an empty draft; whoever has begun goes on."""
    one = find(consultation_id, questionnaire_id)
    if one.access != "anyone" and not g.actor.is_authenticated:
        return ask_to_sign_in()
    now, code = clock.now(), request.cookies.get(f"{COOKIE}{one.id}") or drafts.new_code()
    sitting = drafts.sitting_of(one, g.actor, code) or drafts.sitting_of(one, g.actor, drafts.new_code())
    assert sitting is not None
    enforce(policy.can_answer(g.actor, one, has_answered(one, sitting), now))
    kept = drafts.find(sitting)
    if kept is None:
        if one.access == "anyone":
            begun = drafts.note_begun(one, client_network(), request.user_agent.string[:200], now)
            enforce(policy.can_begin_again(begun))
        kept = Kept()
        drafts.keep(one, sitting, kept, now)
    return _with_cookie(one, sitting, _go(address("page", one, number=kept.page)))


def _with_cookie(one: Questionnaire, sitting: Sitting, response: Any) -> Any:
    if sitting.code:
        response.set_cookie(
            f"{COOKIE}{one.id}", sitting.code, max_age=DAYS * 86400, httponly=True, samesite="Lax",
            secure=current_app.config["SETTINGS"].production,
        )  # fmt: skip
    return response


@blueprint.post("/resume")
@public
@limiter.limit(PER_NETWORK)
@writes
def resume(consultation_id: int, questionnaire_id: int) -> Any:
    """Go on with a code from another device."""
    one = find(consultation_id, questionnaire_id)
    sitting = drafts.sitting_of(one, g.actor, request.form.get("code", "")[:60])
    kept = drafts.find(sitting) if one.access == "anyone" else None
    if sitting is None or kept is None:
        raise Invalid(_("No answers were begun with this code, or they were sent. Look at the code again."))
    enforce(policy.can_answer(g.actor, one, has_answered(one, sitting), clock.now()))
    return _with_cookie(one, sitting, _go(address("page", one, number=kept.page)))


@blueprint.post("/discard")
@public
@writes
def discard(consultation_id: int, questionnaire_id: int) -> Any:
    """Forget what was begun."""
    one = find(consultation_id, questionnaire_id)
    sitting = sitting_of(one)
    if sitting is None and one.access != "anyone":
        return ask_to_sign_in()
    if sitting is not None:
        drafts.drop(sitting)
    flash(_("What you had begun was deleted."), "success")
    response = _go(address("show", one))
    response.delete_cookie(f"{COOKIE}{one.id}")
    return response


@blueprint.route("/pages/<int:number>", methods=["GET", "POST"])
@public
@writes
def page(consultation_id: int, questionnaire_id: int, number: int) -> Any:
    """One page of the questions, as many as these answers show."""
    one = find(consultation_id, questionnaire_id)
    if one.access != "anyone" and not g.actor.is_authenticated:
        return ask_to_sign_in()
    begun = _begun(one)
    if begun is None:
        return _go(address("show", one))
    sitting, kept = begun
    asked = one.asked
    shown = _shown_page(asked, kept, number)
    if shown is None:
        return _go(_next_of(one, kept, number - 1) if number > 0 else address("show", one))
    if request.method == "POST":
        return _take_page(one, sitting, kept, number, shown)
    return _page(one, sitting, kept, number, shown, {})


def _shown_page(asked: Any, kept: Kept, number: int) -> list[Any] | None:
    visible = rules.visible_pages(asked, rules.check_answers(asked, kept.raw).answers)
    if not 1 <= number <= len(asked.pages):
        return None
    key = asked.pages[number - 1].key
    return next((items for page, items in visible if page.key == key), None)


def _numbers(asked: Any, kept: Kept) -> list[int]:
    """The numbers of the pages that are shown with these answers."""
    visible = rules.visible_pages(asked, rules.check_answers(asked, kept.raw).answers)
    return [(asked.page_at(page.key) or 0) + 1 for page, _items in visible]


def _next_of(one: Questionnaire, kept: Kept, number: int) -> str:
    after = next((at for at in _numbers(one.asked, kept) if at > number), None)
    return address("review", one) if after is None else address("page", one, number=after)


def _take_page(one: Questionnaire, sitting: Sitting, kept: Kept, number: int, shown: list[Any]) -> Any:
    """Keep what was typed. Going on asks for whole answers; going back or saving does not."""
    go, now = request.form.get("go", "next"), clock.now()
    typed = rules.kept([item for item in shown if item.kind != "file"], request.form)
    problems = _take_files(one, shown, kept, now)
    kept = replace(kept, raw={**kept.raw, **typed}, page=number)
    if go == "next":
        problems |= rules.check_answers(one.asked, kept.raw, [item.key for item in shown]).problems
    if problems:
        return _page(one, sitting, kept, number, shown, problems), 422
    opened = _shown_page(one.asked, kept, number) or []
    numbers = _numbers(one.asked, kept)
    if go == "back":
        before = max((at for at in numbers if at < number), default=None)
        target = address("show", one) if before is None else address("page", one, number=before)
        kept.page = before or number
    elif go == "save":
        flash(_("Saved. You can come back until the end."), "success")
        target = address("show", one)
    elif {item.key for item in opened} - {item.key for item in shown}:
        flash(_("Your answer opens further questions on this page."), "info")
        target = address("page", one, number=number)
    else:
        target = _next_of(one, kept, number)
        kept.page = next((at for at in numbers if at > number), number)
    drafts.keep(one, sitting, kept, now)
    return _go(target)


def _take_files(one: Questionnaire, shown: list[Any], kept: Kept, now: Any) -> dict[str, Any]:
    """Store the files of a page, and forget those taken back. Returns what is wrong by item."""
    problems: dict[str, Any] = {}
    for item in shown:
        upload = request.files.get(item.key) if item.kind == "file" else None
        name = f"{item.key}-file"
        if item.kind == "file" and request.form.get(f"{item.key}-remove"):
            kept.raw.pop(name, None)
        if upload is None or not upload.filename or one.access == "anyone":
            continue
        pictures = {"jpg", "jpeg", "png", "webp"}
        kind = "image" if extension_of(upload.filename) in pictures else "document"
        try:
            stored = store_upload(upload, kind, g.actor, now)
        except DomainError as refusal:
            problems[item.key] = refusal.message
            continue
        db.session.add(AnswerFile(file_id=stored.id, questionnaire_id=one.id, sent=False))
        db.session.flush()
        kept.raw[name] = [str(stored.id)]
    return problems


def _page(
    one: Questionnaire, sitting: Sitting, kept: Kept, number: int, shown: list[Any], problems: dict[str, Any]
) -> str:
    asked = one.asked
    numbers = _numbers(asked, kept)
    answers = rules.check_answers(asked, kept.raw).answers
    before = sum(
        item.asks
        for page_, items in rules.visible_pages(asked, answers)
        if (asked.page_at(page_.key) or 0) + 1 < number
        for item in items
    )
    told = sheet.show(shown, kept.raw, problems, before + 1)
    names = {item.key: kept.raw.get(f"{item.key}-file", [""])[0] for item in shown if item.kind == "file"}
    stored = files.list_files(int(value) for value in names.values() if value)
    told = [replace(one_, file=stored.get(int(names.get(one_.item.key) or 0))) for one_ in told]
    return render_template(
        "questionnaires/page.html",
        one=one,
        shown=told,
        heading=words.told(asked.pages[number - 1].title) or one.told("title", language()),
        position=numbers.index(number) + 1 if number in numbers else 1,
        pages=len(numbers),
        code=sitting.code,
        first=not any(at < number for at in numbers),
        action=address("page", one, number=number),
        breadcrumbs=crumbs(one, _("Your answers")),
    )


@blueprint.get("/review")
@public
def review(consultation_id: int, questionnaire_id: int) -> Any:
    """Every answer once more, not sent yet."""
    one = find(consultation_id, questionnaire_id)
    if one.access != "anyone" and not g.actor.is_authenticated:
        return ask_to_sign_in()
    begun = _begun(one)
    return _review(one, *begun) if begun is not None else _go(address("show", one))


def _review(one: Questionnaire, sitting: Sitting, kept: Kept, said: Any = None) -> str:
    asked = one.asked
    checked = rules.check_answers(asked, kept.raw)
    rows = [
        {
            "item": item,
            "words": words.told(item.words),
            "lines": words.answer_lines(item, checked.answers.get(item.key)),
            "problem": checked.problems.get(item.key),
            "url": address("page", one, number=asked.page_of(item.key) + 1),
        }
        for item in rules.visible_items(asked, checked.answers)
        if item.asks
    ]
    return render_template(
        "questionnaires/review.html",
        one=one,
        rows=rows,
        problems=[row for row in rows if row["problem"]],
        said=said,
        code=sitting.code,
        closes_at=one.consultation.closes_at,
        offers_telling=answering.can_be_told(one, checked.answers),
        tell=request.form.get("tell") == "1",
        back=address("page", one, number=max(_numbers(asked, kept), default=1)),
        breadcrumbs=crumbs(one, _("Check and send")),
    )


@blueprint.post("/send")
@public
@limiter.limit(PER_NETWORK)
@writes
def send(consultation_id: int, questionnaire_id: int) -> Any:
    """Send the answers. What was sent already leads to the same page again."""
    one = find(consultation_id, questionnaire_id)
    if one.access != "anyone" and not g.actor.is_authenticated:
        return ask_to_sign_in()
    sitting = sitting_of(one)
    kept = drafts.find(sitting)
    if sitting is None or kept is None:
        return _go(address("sent" if has_answered(one, sitting) else "show", one))
    version = whole_number(request.form.get("version")) or 0
    try:
        tell = request.form.get("tell") == "1"
        checked = answering.send(g.actor, one, sitting, kept.raw, version, clock.now(), tell=tell)
    except Invalid as refusal:
        return _review(one, sitting, kept, refusal.message), 422
    if checked.problems:
        return _review(one, sitting, kept), 422
    _say_what_waits(one, checked.answers)
    if one.access == "anyone":
        session["answered"] = [*session.get("answered", ()), one.id][-50:]
    return _go(address("sent", one))


def _say_what_waits(one: Questionnaire, answers: Mapping[str, Any]) -> None:
    """Tell, right after sending, which answers in words a moderator reads first, and why. Nobody else is told whose."""
    for item, why in holding.labels_of(one, holding.why_waits(one, answers)):
        said = _(
            "Your answer to “%(question)s” is counted; a moderator reads it before it is shown. %(why)s",
            question=words.told(item.words), why=WAITS[why],
        )  # fmt: skip
        flash(said, "warning")


@blueprint.get("/sent")
@public
def sent(consultation_id: int, questionnaire_id: int) -> Any:
    """The receipt: that the answers arrived, and what happens with them. It shows none of them."""
    one = find(consultation_id, questionnaire_id)
    sitting, now = sitting_of(one), clock.now()
    if not has_answered(one, sitting):
        return _go(address("show", one))
    return render_template(
        "questionnaires/sent.html",
        one=one,
        title=one.told("title", language()),
        results=policy.can_see_results(g.actor, one, True, now),
        consultation_url=consultation_url(consultation_id),
        breadcrumbs=crumbs(one, _("Received")),
    )
