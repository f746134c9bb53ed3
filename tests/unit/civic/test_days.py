"""One rule says which days may be written down; every box for a day of the forms holds to it and keeps what was typed."""

import re
from datetime import date

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.validators import InputRequired, Optional

from civic.dateboxes import DATE, PlainDateField, PlainMomentField
from civic.extensions import Babel
from civic.fields import field_component
from civic.imports.rules import Field, Unreadable, read_cell
from civic.paths import project_file

DAYS = (
    (["1", "1", "1900"], date(1900, 1, 1)), (["31", "12", "2100"], date(2100, 12, 31)), (["31", "12", "1899"], None),
    (["1", "1", "2101"], None), (["5", "6", "0024"], None), ([" 5", "6 ", "2024"], date(2024, 6, 5)),
)  # fmt: skip


class Boxes(Form):
    day = PlainDateField(validators=[InputRequired()], format=DATE)
    moment = PlainMomentField("Publică", [Optional()])


@pytest.mark.parametrize(("typed", "read"), DAYS)
def test_forms_and_tables_refuse_the_same_days(typed: list[str], read: date | None) -> None:
    app = Flask("days")
    Babel(app)
    with app.test_request_context():
        year = typed[2].strip()
        form = Boxes(
            MultiDict([*(("day", part) for part in typed), ("moment", f"{year}-{typed[1].strip():0>2}-{typed[0].strip():0>2}T10:00")])
        )  # fmt: skip
        assert form.validate() is (read is not None)
        assert form.day.data == read
        assert (form.moment.data is None) is (read is None)
        if read is None:
            for box in (form.day, form.moment):
                assert len(box.errors) == 1
                assert f"you wrote {int(year)}" in box.errors[0]
            items = field_component(form.day)[1]["items"]
            assert [item["value"] for item in items] == typed
            assert year in field_component(form.moment)[1]["value"]
            with pytest.raises(Unreadable, match="far"):
                read_cell(Field("day", "", "day"), ".".join(typed))
        else:
            assert read_cell(Field("day", "", "day"), ".".join(part.strip() for part in typed)) == read


@pytest.mark.parametrize(
    ("year", "said"), [("202", "you wrote 202."), ("20266", "you wrote 20266."), ("26", "you wrote 26."), ("2o26", "day, month")]
)  # fmt: skip
def test_a_year_with_a_figure_too_many_or_too_few_is_named(year: str, said: str) -> None:
    app = Flask("days")
    Babel(app)
    with app.test_request_context():
        form = Boxes(MultiDict([("day", "1"), ("day", "2"), ("day", year)]))
        assert not form.validate()
        assert said in str(form.day.errors[0])
        assert [item["value"] for item in field_component(form.day)[1]["items"]] == ["1", "2", year]


def test_every_form_takes_its_days_from_these_boxes() -> None:
    root = project_file("civic").parent
    own = {"civic/dateboxes.py", "civic/fields.py", "civic/design.py", "civic/accounts/forms.py"}
    found = {
        str(path.relative_to(root))
        for folder in ("civic", "proposals", "voting", "consultations")
        for path in (root / folder).rglob("*.py")
        if re.search(r"\b(DateField|DateTimeLocalField|DateTimeField)\b", path.read_text(encoding="utf-8"))
    }
    assert found <= own
