"""Staff: writing a questionnaire, an item a form, and offering it."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from civic import clock
from civic.errors import DomainError, NotFound
from civic.fields import error_items
from civic.policy import Action, may, requires
from civic.unit_of_work import writes
from consultations import queries as consultations
from consultations.models import Consultation
from consultations.questionnaires import forms, patterns, policy, queries, rules, service, words
from consultations.questionnaires.definition import KINDS, Definition, Item, Page, Words
from consultations.questionnaires.models import Questionnaire

blueprint = Blueprint(
    "staff_questionnaires", __name__, url_prefix="/staff/consultations/<int:consultation_id>/questionnaires"
)


def address(endpoint: str, one: Questionnaire, **values: Any) -> str:
    """The address of a staff page of a questionnaire."""
    return url_for(endpoint, consultation_id=one.consultation_id, questionnaire_id=one.id, **values)


def _lead(consultation: Consultation) -> tuple[str, str]:
    return consultation.title, url_for("staff_consultations.show", consultation_id=consultation.id)


def crumbs(consultation: Consultation, one: Questionnaire | None, *more: str) -> list[tuple[str, str | None]]:
    """Where a staff page is."""
    index = url_for("staff_questionnaires.index", consultation_id=consultation.id)
    path: list[tuple[str, str | None]] = [_lead(consultation), (_("Questionnaires"), index)]
    if one is not None:
        path.append((one.title, address("staff_questionnaires.show", one)))
    return [*path, *((label, None) for label in more)]


def back_to(one: Questionnaire, place: str = "") -> Any:
    """To the questionnaire's own page, at a place of it."""
    target = address("staff_questionnaires.show", one)
    return redirect(f"{target}#{place}" if place else target, code=303)


@blueprint.get("")
@requires(Action.VIEW_CONSULTATIONS)
def index(consultation_id: int) -> str:
    """The questionnaires of a consultation."""
    consultation = consultations.get_consultation(consultation_id)
    return render_template(
        "questionnaires/staff/index.html",
        consultation=consultation,
        rows=queries.list_of_consultation(consultation_id, published=False),
        managing=may(g.actor, Action.MANAGE_CONSULTATIONS),
        access=words.ACCESS,
        breadcrumbs=[_lead(consultation), (_("Questionnaires"), None)],
    )


def _starts() -> list[tuple[str, Any]]:
    known = [(one.key, one.label) for one in patterns.patterns()]
    copies = [
        (
            f"copy:{one.id}",
            _(
                "A copy of “%(title)s”, %(consultation)s",
                title=one.title,
                consultation=one.consultation.title[:60],
            ),
        )
        for one in queries.list_to_copy()
    ]
    return [*known, *copies]


def _start(chosen: str) -> Definition:
    if chosen.startswith("copy:"):
        return next(one.asked for one in queries.list_to_copy() if f"copy:{one.id}" == chosen)
    return patterns.find(chosen) or patterns.patterns()[0].definition


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def create(consultation_id: int) -> Any:
    """A new questionnaire: empty, from a pattern, or a copy of another."""
    consultation = consultations.get_consultation(consultation_id)
    form = forms.NewForm(request.form if request.method == "POST" else None)
    form.start.choices = _starts()
    if request.method == "POST" and form.validate():
        made = service.create(g.actor, consultation, form.typed(), _start(form.start.data), clock.now())
        flash(_("The questionnaire is in preparation. Nobody else sees it yet."), "success")
        return back_to(made)
    body = render_template(
        "questionnaires/staff/settings.html",
        form=form,
        one=None,
        refusal=None,
        heading=_("New questionnaire"),
        back=url_for("staff_questionnaires.index", consultation_id=consultation_id),
        breadcrumbs=crumbs(consultation, None, _("New questionnaire")),
    )
    return body, 422 if error_items(form) else 200


@blueprint.get("/<int:questionnaire_id>")
@requires(Action.VIEW_CONSULTATIONS)
def show(consultation_id: int, questionnaire_id: int) -> Any:
    """The whole questionnaire, with what can be done with each part and what is still missing."""
    return show_with(queries.get_questionnaire(consultation_id, questionnaire_id))


def show_with(one: Questionnaire, said: Any = None) -> str:
    """The page of a questionnaire, with what was refused."""
    asked, now = one.asked, clock.now()
    editing = policy.can_edit(g.actor, one)
    return render_template(
        "questionnaires/staff/show.html",
        one=one,
        asked=asked,
        said=said,
        problems=rules.problems(asked, english=one.english, access=one.access),
        editing=editing,
        managing=may(g.actor, Action.MANAGE_CONSULTATIONS),
        paper=policy.can_enter_paper(g.actor, one, now),
        export=policy.can_export(g.actor, one, now),
        waiting=queries.count_arrivals(one.id),
        least=rules.LEAST,
        words=words,
        kinds=[(kind, words.KINDS[kind]) for kind in KINDS],
        breadcrumbs=[*crumbs(one.consultation, None), (one.title, None)],
    )


@blueprint.route("/<int:questionnaire_id>/settings", methods=["GET", "POST"])
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def settings(consultation_id: int, questionnaire_id: int) -> Any:
    """Who may answer and what is public."""
    one = queries.get_questionnaire(consultation_id, questionnaire_id)
    form = (
        forms.SettingsForm(request.form)
        if request.method == "POST"
        else forms.SettingsForm(data=forms.settings_data(one))
    )
    if request.method == "POST" and (one.frozen or form.validate()):
        try:
            service.change_settings(g.actor, one, form.typed(), clock.now())
        except DomainError as refusal:
            form.form_errors.append(str(refusal.message))
        else:
            flash(_("Saved."), "success")
            return back_to(one)
    body = render_template(
        "questionnaires/staff/settings.html",
        form=form,
        one=one,
        refusal=policy.can_edit(g.actor, one).reason,
        heading=_("Settings of the questionnaire"),
        back=address("staff_questionnaires.show", one),
        breadcrumbs=crumbs(one.consultation, one, _("Settings")),
    )
    return body, 422 if error_items(form) else 200


@blueprint.post("/<int:questionnaire_id>/publish")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def publish(consultation_id: int, questionnaire_id: int) -> Any:
    """Offer it to residents, or take it back while nobody has answered."""
    one = queries.get_questionnaire(consultation_id, questionnaire_id)
    try:
        if request.form.get("to") == "withdraw":
            service.withdraw(g.actor, one, clock.now())
            flash(_("The questionnaire is in preparation again."), "success")
        else:
            service.publish(g.actor, one, clock.now())
            flash(_("The questionnaire stands on the page of the consultation."), "success")
    except service.Refused as refusal:
        return show_with(one, refusal.message), 422
    return back_to(one)


@blueprint.route("/<int:questionnaire_id>/pages/new", methods=["GET", "POST"])
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def create_page(consultation_id: int, questionnaire_id: int) -> Any:
    """One more page."""
    return _page(queries.get_questionnaire(consultation_id, questionnaire_id), None)


@blueprint.route("/<int:questionnaire_id>/pages/<key>", methods=["GET", "POST"])
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def edit_page(consultation_id: int, questionnaire_id: int, key: str) -> Any:
    """A page's title and branch."""
    one = queries.get_questionnaire(consultation_id, questionnaire_id)
    at = one.asked.page_at(key)
    if at is None:
        raise NotFound
    return _page(one, one.asked.pages[at])


def _page(one: Questionnaire, page: Page | None) -> Any:
    sent = request.method == "POST"
    form = (
        forms.TitleForm(request.form) if sent else forms.TitleForm(data=forms.page_data(page) if page else {})
    )
    choices = forms.page_choices(one.asked, page.key if page else None)
    form.condition.choices = forms.with_current(choices, page.condition if page else None)
    if sent and form.validate():
        title = Words(form.title.data or "", form.title_en.data or "")
        try:
            saved = service.save_page(
                g.actor, one, page, title, forms.read_condition(form.condition.data), clock.now()
            )
        except DomainError as refusal:
            form.form_errors.append(str(refusal.message))
        else:
            flash(_("Saved."), "success")
            return back_to(one, saved.key)
    heading = _("Change the page") if page else _("New page")
    body = render_template(
        "questionnaires/staff/page.html",
        one=one,
        form=form,
        heading=heading,
        refusal=policy.can_edit(g.actor, one).reason,
        breadcrumbs=crumbs(one.consultation, one, heading),
    )
    return body, 422 if error_items(form) else 200


@blueprint.route("/<int:questionnaire_id>/items/new", methods=["GET", "POST"])
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def create_item(consultation_id: int, questionnaire_id: int) -> Any:
    """One more item of a kind, at the end of a page."""
    one = queries.get_questionnaire(consultation_id, questionnaire_id)
    last = one.asked.pages[-1].key if one.asked.pages else ""
    kind, page = request.values.get("kind") or "single", request.values.get("page") or last
    if kind not in KINDS or one.asked.page_at(page) is None:
        raise NotFound
    return _item(one, page, kind, None)


@blueprint.route("/<int:questionnaire_id>/items/<key>", methods=["GET", "POST"])
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def edit_item(consultation_id: int, questionnaire_id: int, key: str) -> Any:
    """Change an item."""
    one = queries.get_questionnaire(consultation_id, questionnaire_id)
    item = one.asked.find(key)
    if item is None:
        raise NotFound
    return _item(one, one.asked.pages[one.asked.page_of(key)].key, item.kind, item)


def _item(one: Questionnaire, page: str, kind: str, item: Item | None) -> Any:
    sent = request.method == "POST"
    form = (
        forms.ItemForm(request.form) if sent else forms.ItemForm(data=forms.item_data(item) if item else {})
    )
    choices = forms.item_choices(one.asked, page, item.key if item else None)
    form.condition.choices = forms.with_current(choices, item.condition if item else None)
    if sent and form.validate():
        try:
            saved = service.save_item(g.actor, one, page, forms.typed_item(form, kind, item), clock.now())
        except DomainError as refusal:
            form.form_errors.append(str(refusal.message))
        else:
            flash(_("Saved."), "success")
            return back_to(one, saved.key)
    body = render_template(
        "questionnaires/staff/item.html",
        one=one,
        form=form,
        kind=kind,
        page=page,
        fields=forms.FIELDS[kind],
        heading=words.KINDS[kind],
        refusal=policy.can_edit(g.actor, one).reason,
        breadcrumbs=crumbs(one.consultation, one, str(words.KINDS[kind])),
    )
    return body, 422 if error_items(form) else 200


@blueprint.post("/<int:questionnaire_id>/parts/<key>/move")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def move(consultation_id: int, questionnaire_id: int, key: str) -> Any:
    """One place earlier or later; at the edge of its page an item goes to the next one."""
    one = queries.get_questionnaire(consultation_id, questionnaire_id)
    try:
        service.move(g.actor, one, key, request.form.get("to") == "up", clock.now())
    except service.Refused as refusal:
        return show_with(one, refusal.message), 422
    return back_to(one, key)


@blueprint.route("/<int:questionnaire_id>/parts/<key>/remove", methods=["GET", "POST"])
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def remove(consultation_id: int, questionnaire_id: int, key: str) -> Any:
    """Take an item or a page off: a page of its own, so that nobody does it by a slip."""
    one = queries.get_questionnaire(consultation_id, questionnaire_id)
    asked = one.asked
    item, at = asked.find(key), asked.page_at(key)
    if item is None and at is None:
        raise NotFound
    said = None
    if request.method == "POST":
        try:
            service.remove(g.actor, one, key, clock.now())
        except service.Refused as refusal:
            said = refusal.message
        else:
            flash(_("Removed."), "success")
            return back_to(one)
    title = words.told(item.words if item else asked.pages[at or 0].title)
    body = render_template(
        "questionnaires/staff/remove.html",
        one=one,
        what=title or _("Page %(number)s", number=(at or 0) + 1),
        is_page=item is None,
        said=said,
        refusal=policy.can_edit(g.actor, one).reason,
        breadcrumbs=crumbs(one.consultation, one, _("Remove")),
    )
    return body, 422 if said else 200


@blueprint.route("/<int:questionnaire_id>/remove", methods=["GET", "POST"])
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def remove_whole(consultation_id: int, questionnaire_id: int) -> Any:
    """Remove a questionnaire that nobody answered."""
    one = queries.get_questionnaire(consultation_id, questionnaire_id)
    if request.method == "POST":
        service.delete_questionnaire(g.actor, one, clock.now())
        flash(_("Removed."), "success")
        return redirect(url_for("staff_questionnaires.index", consultation_id=consultation_id), code=303)
    return render_template(
        "questionnaires/staff/remove.html",
        one=one,
        what=one.title,
        is_page=False,
        said=None,
        refusal=policy.can_edit(g.actor, one).reason,
        breadcrumbs=crumbs(one.consultation, one, _("Remove")),
    )
