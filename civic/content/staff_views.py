"""Where staff write: pages with their history, news, the notice."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Row
from werkzeug.wrappers import Response

from civic import clock, numbers
from civic.content import queries, rules, service
from civic.content.forms import PublishForm, notice_form, texts_form
from civic.content.labels import PAGE_TITLES
from civic.content.models import NewsVersion, PageVersion
from civic.content.views import words_of
from civic.errors import Conflict, Invalid, NotFound
from civic.extensions import db
from civic.files.service import store_upload
from civic.policy import Action, requires
from civic.text import clean_line
from civic.unit_of_work import writes

blueprint = Blueprint("content_staff", __name__, url_prefix="/staff/content")
EDIT = Action.EDIT_CONTENT
HISTORY_SIZE = 20


def _languages() -> tuple[str, ...]:
    return current_app.config["SETTINGS"].city.languages


def _seen(form: Any) -> int:
    return numbers.whole_number(form.seen.data) or 0


def _done(words: str, endpoint: str, **values: Any) -> Response:
    flash(words, "success")
    return redirect(url_for(endpoint, **values), code=303)


def _refuse(form: Any, error: Invalid | Conflict) -> int:
    """Put the sentence above the form, which keeps what was written; the status to answer with."""
    db.session.rollback()
    form.form_errors.append(str(error.message))
    return error.status


@blueprint.get("")
@requires(EDIT)
def index() -> str:
    """Everything that can be written."""
    stored = {row[0].slug: row for row in queries.list_pages()}
    pages = [
        {
            "slug": slug,
            "title": words_of(stored[slug][1].texts).title if slug in stored else PAGE_TITLES[slug],
            "changed_at": stored[slug][0].changed_at if slug in stored else None,
        }
        for slug in [*rules.KNOWN_SLUGS, *(slug for slug in stored if slug not in rules.KNOWN_SLUGS)]
    ]
    return render_template("content/staff_index.html", pages=pages)


@blueprint.route("/pages/new", methods=["GET", "POST"])
@requires(EDIT)
@writes
def create_page() -> Any:
    """A page at a new address."""
    form = texts_form("new_page", _languages())
    return _write_page(form, form.slug.data or "", "content/staff_page_new.html", {})


@blueprint.route("/pages/<slug>", methods=["GET", "POST"])
@requires(EDIT)
@writes
def edit_page(slug: str) -> Any:
    """Write, look, publish."""
    found = queries.find_page(slug)
    if found is None and slug not in PAGE_TITLES:
        raise NotFound
    number = found[0].number if found else 0
    form = texts_form("page", _languages(), found[1].texts if found else None, number)
    title = words_of(found[1].texts).title if found else PAGE_TITLES[slug]
    context = {"slug": slug, "title": title, "number": number}
    return _write_page(form, slug, "content/staff_page.html", context)


def _write_page(form: Any, slug: str, template: str, context: dict[str, Any]) -> Any:
    code, preview = 200, None
    if form.is_submitted():
        if not form.validate():
            code = 422
        elif request.form.get("action") == "preview":
            preview = rules.clean_texts(form.texts())
        else:
            try:
                service.save_page(g.actor, clean_line(slug), _seen(form), form.texts(), clock.now())
                return _done(_("Published."), "content.page", slug=clean_line(slug))
            except (Invalid, Conflict) as error:
                code = _refuse(form, error)
    return render_template(
        template, form=form, preview=preview, languages_written=_languages(), **context
    ), code


@blueprint.get("/pages/<slug>/history")
@requires(EDIT)
def history(slug: str) -> str:
    """Who wrote what and when, each compared with the one before."""
    found = queries.find_page(slug)
    if found is None:
        raise NotFound
    return _history(
        PageVersion,
        found[0].id,
        title=words_of(found[1].texts).title,
        back=url_for("content_staff.edit_page", slug=slug),
        restore=lambda version: url_for("content_staff.restore", slug=slug, number=version),
        seen=found[0].number,
        current=found[0].number,
        shown=True,
    )


def _history(kept: type[queries.Kept], owner_id: int, **context: Any) -> str:
    """The page of versions, of a page or of a piece of news."""
    number = numbers.page_number()
    rows, total = queries.list_versions(kept, owner_id, number, HISTORY_SIZE)
    return render_template(
        "content/staff_history.html",
        versions=_compared(rows),
        page=number,
        pages=max(1, -(-total // HISTORY_SIZE)),
        **context,
    )


def _compared(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Each version with what it changed of the one before; a row beyond the page is only compared with."""
    versions = []
    for place, (version, author) in enumerate(rows[:HISTORY_SIZE]):
        before = rows[place + 1][0].texts if place + 1 < len(rows) else {}
        changes = [
            (language, rules.flatten(before, language), rules.flatten(version.texts, language))
            for language in _languages()
        ]
        versions.append(
            {"version": version, "author": author, "changes": [c for c in changes if c[1] != c[2]]}
        )
    return versions


@blueprint.post("/pages/<slug>/restore/<int:number>")
@requires(EDIT)
@writes
def restore(slug: str, number: int) -> Response:
    """Publish an old version again."""
    seen = numbers.whole_number(request.form.get("seen")) or 0
    service.restore_page(g.actor, slug, number, seen, clock.now())
    return _done(_("Restored and published."), "content_staff.history", slug=slug)


@blueprint.get("/news")
@requires(EDIT)
def news() -> str:
    """Drafts and what is published."""
    number = numbers.page_number()
    rows, total = queries.list_all_news(number)
    items = [{"item": item, "text": words_of(item.texts)} for item in rows]
    return render_template(
        "content/staff_news.html", items=items, page=number, pages=max(1, -(-total // 30)), now=clock.now()
    )


@blueprint.route("/news/new", methods=["GET", "POST"])
@requires(EDIT)
@writes
def create_news() -> Any:
    """A draft."""
    return _write_news(texts_form("news", _languages()), None)


@blueprint.route("/news/<int:news_id>", methods=["GET", "POST"])
@requires(EDIT)
@writes
def edit_news(news_id: int) -> Any:
    """Correct it."""
    item = queries.get_news(news_id)
    return _write_news(texts_form("news", _languages(), item.texts, item.version), news_id)


def _write_news(form: Any, news_id: int | None) -> Any:
    code, preview, now = 200, None, clock.now()
    if form.is_submitted():
        if not form.validate():
            code = 422
        elif request.form.get("action") == "preview":
            preview = rules.clean_texts(form.texts())
        else:
            try:
                image_id = None
                if form.image.data and form.image.data.filename:
                    stored = store_upload(form.image.data, "image", g.actor, now, alt=form.alt.data or "")
                    image_id = stored.id
                saved = service.save_news(g.actor, news_id, _seen(form), form.texts(), now, image_id)
                return _done(_("Saved."), "content_staff.edit_news", news_id=saved.id)
            except (Invalid, Conflict) as error:
                code = _refuse(form, error)
    item = queries.get_news(news_id) if news_id else None
    return render_template(
        "content/staff_news_edit.html", form=form, preview=preview, item=item, now=now,
        publish_form=PublishForm(formdata=None), languages_written=_languages(),
    ), code  # fmt: skip


@blueprint.get("/news/<int:news_id>/history")
@requires(EDIT)
def news_history(news_id: int) -> str:
    """What it said before, who wrote it and when."""
    item = queries.get_news(news_id)
    return _history(
        NewsVersion,
        news_id,
        title=words_of(item.texts).title,
        back=url_for("content_staff.edit_news", news_id=news_id),
        restore=lambda version: url_for("content_staff.restore_news", news_id=news_id, number=version),
        seen=item.version,
        current=queries.last_news_version(news_id),
        shown=item.published_at is not None and item.published_at <= clock.now(),
    )


@blueprint.post("/news/<int:news_id>/restore/<int:number>")
@requires(EDIT)
@writes
def restore_news(news_id: int, number: int) -> Response:
    """Let it say again what an old version said."""
    seen = numbers.whole_number(request.form.get("seen")) or 0
    service.restore_news(g.actor, news_id, number, seen, clock.now())
    return _done(_("Brought back."), "content_staff.news_history", news_id=news_id)


def _moment(value: datetime | None) -> datetime | None:
    """What was typed is on the city's clock."""
    return value.replace(tzinfo=clock.CITY_ZONE) if value else None


@blueprint.post("/news/<int:news_id>/publish")
@requires(EDIT)
@writes
def publish_news(news_id: int) -> Response:
    """Now, or at the moment typed."""
    form, now = PublishForm(), clock.now()
    if not form.validate():
        raise Invalid(str(form.at.errors[0]))
    service.publish_news(g.actor, news_id, _moment(form.at.data) or now, now)
    return _done(_("Published."), "content_staff.edit_news", news_id=news_id)


@blueprint.post("/news/<int:news_id>/withdraw")
@requires(EDIT)
@writes
def withdraw_news(news_id: int) -> Response:
    """A draft again."""
    service.withdraw_news(g.actor, news_id, clock.now())
    return _done(_("It is a draft again."), "content_staff.edit_news", news_id=news_id)


@blueprint.route("/notice", methods=["GET", "POST"])
@requires(EDIT)
@writes
def notice() -> Any:
    """The sentence on every page."""
    form, code, now, preview = notice_form(_languages()), 200, clock.now(), None
    if form.is_submitted():
        code = 422
        texts = {language: form[f"text_{language}"].data or "" for language in _languages()}
        if form.validate() and request.form.get("action") == "preview":
            code, preview = 200, {language: clean_line(words) for language, words in texts.items() if words}
        elif not form.errors:
            starts = _moment(form.starts_at.data) or now
            try:
                service.set_notice(g.actor, texts, form.level.data, starts, _moment(form.ends_at.data), now)
                return _done(_("The notice is set."), "content_staff.notice")
            except Invalid as error:
                code = _refuse(form, error)
    return render_template(
        "content/staff_notice.html", form=form, preview=preview, notices=queries.list_notices(), now=now,
        first=_languages()[0],
    ), code  # fmt: skip


@blueprint.post("/notice/<int:notice_id>/end")
@requires(EDIT)
@writes
def end_notice(notice_id: int) -> Response:
    """Take it down."""
    service.end_notice(g.actor, notice_id, clock.now())
    return _done(_("The notice is taken down."), "content_staff.notice")
