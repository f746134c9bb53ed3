"""The question, its answer, the results for everybody and the words for the staff."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from civic import clock, cursors
from civic.accounts.views import page
from civic.extensions import limiter
from civic.policy import Action, public, requires
from civic.satisfaction import queries, rules, service
from civic.satisfaction.forms import AnswerForm, StepForm
from civic.satisfaction.labels import KIND_NAMES, QUESTIONS, STEP_NAMES
from civic.satisfaction.models import SatisfactionWords
from civic.unit_of_work import writes

blueprint = Blueprint("satisfaction", __name__, url_prefix="/satisfaction")
staff = Blueprint("satisfaction_words", __name__, url_prefix="/staff/satisfaction")

#: Says in the voter's own browser, and nowhere else, that the question after a cast was answered.
COOKIE = "asked"
PER_NETWORK = "30 per hour"


@blueprint.get("")
@public
def index() -> str:
    """The share of satisfied people by month and kind."""
    months = {month: rules.told_of_month(kinds) for month, kinds in queries.counts_by_month().items()}
    return render_template(
        "satisfaction/index.html", months=months, kinds={rules.ALL: _("All together"), **KIND_NAMES},
        name_of=lambda month: format_date(month, "LLLL y"),
    )  # fmt: skip


def _thanks() -> AnyResponse:
    flash(_("Thank you: your answer is counted."), "success")
    return redirect(url_for("satisfaction.index"), code=303)


@blueprint.route("/vote", methods=["GET", "POST"])
@requires(Action.USE_ACCOUNT)
@limiter.limit(PER_NETWORK, methods=["POST"])
@writes
def cast() -> AnyResponse:
    """The question after a cast. Nothing is kept or looked up of the account, the round or the ballot."""
    if COOKIE in request.cookies:
        flash(_("You have answered already: we ask at most once in 30 days."), "success")
        return redirect(url_for("satisfaction.index"), code=303)
    form = StepForm()
    if form.validate_on_submit():
        service.take("cast", int(form.step.data), "", clock.city_date(clock.now()))
        response = _thanks()
        response.set_cookie(
            COOKIE, "1", max_age=rules.BETWEEN, secure=request.is_secure, httponly=True, samesite="Lax",
            path=url_for("satisfaction.cast"),
        )  # fmt: skip
        return response
    return page("satisfaction/answer.html", form, question=QUESTIONS["cast"], action=request.path)


@blueprint.route("/answer/<secret>", methods=["GET", "POST"])
@public
@limiter.limit(PER_NETWORK, methods=["POST"])
@writes
def answer(secret: str) -> AnyResponse:
    """The question of a link that was sent; once answered, or after a month, the link says so."""
    question = queries.find_question(service.mark_of(secret))
    if question is None:
        return make_response(render_template("satisfaction/over.html"), 410)
    form = AnswerForm()
    if form.validate_on_submit():
        today = clock.city_date(clock.now())
        service.answer(question, int(form.step.data), form.words.data or "", today)
        return _thanks()
    return page("satisfaction/answer.html", form, question=QUESTIONS[question.kind], action=request.path)


@staff.get("", endpoint="index")
@requires(Action.VIEW_STAFF_AREA)
def words() -> str:
    """What people added to their answers."""

    def read(mark: str) -> int | None:
        return int(mark) if mark.lstrip("-").isdigit() and len(mark) < 11 else None

    window = cursors.window(queries.words(), -SatisfactionWords.id, cursors.asked(), 50, read=read)
    return render_template(
        "satisfaction/words.html", window=window.filled([row[1] for row in window.rows]), kinds=KIND_NAMES,
        steps=STEP_NAMES, name_of=lambda month: format_date(month, "LLLL y"),
    )  # fmt: skip
