"""Where staff bring data in: a file, its columns, a look at every row, and only then the loading."""

from collections.abc import Iterator
from typing import Any

from flask import (
    Blueprint,
    Response,
    flash,
    g,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from flask_babel import gettext as _

from civic import clock, numbers, tables, tasks
from civic.errors import Invalid
from civic.extensions import db
from civic.format import ngettext
from civic.imports import labels, queries, rules, service
from civic.imports.datasets import Dataset, get_dataset, list_datasets
from civic.imports.forms import NewImportForm
from civic.imports.models import DataImport, ImportRow
from civic.policy import Action, requires
from civic.unit_of_work import writes

blueprint = Blueprint("imports", __name__, url_prefix="/staff/imports")


@blueprint.get("")
@requires(Action.IMPORT_DATA)
def index() -> str:
    """Every file brought in."""
    pages = max(1, -(-queries.count_imports() // queries.PAGE_SIZE))
    page = min(numbers.page_number(), pages)
    rows = queries.list_imports(page)
    names = {one.key: one.label for one in list_datasets()}
    return render_template(
        "imports/index.html", rows=rows, page=page, pages=pages, labels=labels, names=names
    )


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Action.IMPORT_DATA)
@writes
def create() -> Any:
    """Choose a file."""
    now = clock.now()
    form = NewImportForm(data=None if request.form else {"as_of": clock.city_date(now)})
    form.dataset.choices = [(one.key, one.label) for one in list_datasets()]
    if form.validate_on_submit():
        upload = request.files.get("file")
        try:
            if upload is None or not upload.filename:
                raise Invalid(_("Choose a file."))
            one = service.begin(
                g.actor, form.dataset.data, form.source.data, form.as_of.data, upload.stream,  # type: ignore[arg-type]
                upload.filename, now,
            )  # fmt: skip
            _tell_hidden(one)
            return redirect(url_for("imports.show", import_id=one.id), code=303)
        except Invalid as error:
            db.session.rollback()
            form.file.errors = [str(error.message)]
    known = queries.list_source_names()
    return render_template("imports/new.html", form=form, known=known), (422 if form.is_submitted() else 200)


def _tell_hidden(one: DataImport) -> None:
    """Rows that nobody sees in the spreadsheet are read: nobody should believe otherwise."""
    if hidden := service.count_hidden(one):
        flash(
            ngettext(
                "%(num)s row that the workbook hides is read as well. If it should not come in, delete it from the file.",
                "%(num)s rows that the workbook hides are read as well. If they should not come in, delete them from the file.",
                hidden,
            ), "info",
        )  # fmt: skip


def _page(one: DataImport, status: int = 200, problem: object = "", mapping: Any = None) -> Any:
    """The page of an import in its state, with the rows the address asks for."""
    dataset = get_dataset(one.dataset)
    outcome = request.args.get("outcome", "")
    outcome = outcome if outcome in rules.OUTCOMES else ""
    after = numbers.whole_number(request.args.get("after")) or 0
    reported = one.state in ("checked", "loaded")
    rows = queries.list_rows(one.id, outcome, after) if reported else []
    shown = rows[: queries.ROWS_A_PAGE]
    task = tasks.find_task(one.task_id) if one.state in ("checking", "loading") else None
    same = queries.find_same_file(one.dataset, one.source_id, one.sha256, one.sheet)
    return render_template(
        "imports/show.html", one=one, dataset=dataset, labels=labels, problem=problem, mapping=mapping or one.mapping,
        counted=any(field.kind in rules.AMOUNTS for field in dataset.fields),
        rows=[_told(dataset, row) for row in shown], outcome=outcome, after=after, task=task,
        further=shown[-1].number if len(rows) > len(shown) else None,
        remarked=[_told(dataset, row) for row in queries.list_remarked(one.id)] if reported else [],
        others=queries.list_other_sources(one) if one.state in ("matching", "checked") else [],
        twice=queries.count_of_others(one, dataset) if one.state == "checked" and one.fresh else 0,
        later=queries.find_later(one) if one.state in ("matching", "checked") else None,
        position=rules.says_position((mapping or one.mapping).get("import_key", "")),
        loaded_before=same if same is not None and same.id != one.id else None,
        counts={"new": one.fresh, "changed": one.changed, "same": one.same, "refused": one.refused},
    ), status  # fmt: skip


def _told(dataset: Dataset, row: ImportRow) -> dict[str, Any]:
    return {
        "number": row.number,
        "key": row.key,
        "outcome": row.outcome,
        "reasons": [labels.reason_words(dataset, one) for one in row.reasons],
        "remarks": [labels.reason_words(dataset, one) for one in row.remarks],
        "changes": labels.change_words(dataset, row.changes),
    }


@blueprint.get("/<int:import_id>")
@requires(Action.IMPORT_DATA)
def show(import_id: int) -> Any:
    """One file: its columns, how far the work is, or what became of its rows."""
    return _page(queries.get_import(import_id))


def _act(import_id: int, command: Any, words: str, mapping: Any = None) -> Any:
    """Carry out a command, or show the page with what is wrong."""
    try:
        command()
    except Invalid as error:
        db.session.rollback()
        return _page(queries.get_import(import_id), 422, error.message, mapping)
    flash(words, "success")
    return redirect(url_for("imports.show", import_id=import_id), code=303)


@blueprint.post("/<int:import_id>/check")
@requires(Action.IMPORT_DATA)
@writes
def check(import_id: int) -> Any:
    """Which column holds what; then every row is looked at. Or which sheet is read, before that."""
    if "sheet" in request.form:
        return _choose_sheet(import_id, request.form["sheet"])
    dataset = get_dataset(queries.get_import(import_id).dataset)
    mapping = {field.name: request.form.get(f"column-{field.name}", "") for field in dataset.every_field}
    unit = numbers.whole_number(request.form.get("unit"))
    return _act(
        import_id, lambda: service.check(g.actor, import_id, mapping, clock.now(), unit),
        _("The rows are being looked over."), mapping,
    )  # fmt: skip


def _choose_sheet(import_id: int, sheet: str) -> Any:
    """Read another sheet of the workbook, and tell what it hides."""

    def command() -> None:
        _tell_hidden(service.choose_sheet(g.actor, import_id, sheet, clock.now()))

    return _act(import_id, command, _("Another sheet is read: look at its columns."))


@blueprint.post("/<int:import_id>/load")
@requires(Action.IMPORT_DATA)
@writes
def load(import_id: int) -> Any:
    """Load what was looked over."""
    without = request.form.get("without_refused") == "y"
    return _act(
        import_id, lambda: service.load(g.actor, import_id, without, clock.now()), _("The rows are being loaded.")
    )  # fmt: skip


@blueprint.post("/<int:import_id>/go-on")
@requires(Action.IMPORT_DATA)
@writes
def go_on(import_id: int) -> Any:
    """Take up work that stopped halfway."""
    return _act(import_id, lambda: service.go_on(g.actor, import_id, clock.now()), _("The work goes on."))


@blueprint.post("/<int:import_id>/discard")
@requires(Action.IMPORT_DATA)
@writes
def discard(import_id: int) -> Any:
    """Give the file up."""
    return _act(
        import_id,
        lambda: service.discard(g.actor, import_id, clock.now()),
        _("Given up. Nothing was loaded."),
    )


@blueprint.get("/<int:import_id>/report.csv")
@requires(Action.IMPORT_DATA)
def report(import_id: int) -> Response:
    """What became of every row, as a table."""
    one = queries.get_import(import_id)
    response = Response(stream_with_context(tables.stream_csv(_report_rows(one))), mimetype=tables.CSV)
    response.headers["Content-Disposition"] = f'attachment; filename="import-{one.id}.csv"'
    return response


def _report_rows(one: DataImport) -> Iterator[list[tables.Cell]]:
    dataset, after = get_dataset(one.dataset), 0
    yield [_("Row"), _("Number"), _("What becomes of it"), _("Why"), _("What changes")]
    while rows := queries.list_rows(one.id, "", after, 1_000):
        for row in rows:
            told = _told(dataset, row)
            yield [
                row.number, row.key, str(labels.OUTCOMES[row.outcome]), "; ".join(told["reasons"] + told["remarks"]),
                "; ".join(f"{name}: {before} → {then}" for name, before, then in told["changes"]),
            ]  # fmt: skip
        after = rows[-1].number
