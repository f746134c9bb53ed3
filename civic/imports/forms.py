"""What is asked of whoever brings data in."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FileField, StringField
from wtforms.validators import InputRequired

from civic.choices import SelectField
from civic.dateboxes import DATE, PlainDateField
from civic.lengths import up_to


class NewImportForm(FlaskForm):
    """A file, what it holds and where it comes from."""

    dataset = SelectField(_l("What the file holds"))
    source = StringField(
        _l("Where the data come from"),
        [InputRequired(_l("Write where the data come from.")), up_to(200)],
        description=_l("The name of the document or of the system, as residents will read it. Use the same name each time: the columns are remembered for it, and its rows are recognised by their numbers."),
    )  # fmt: skip
    as_of = PlainDateField(
        _l("The day whose state of things it tells"), [InputRequired(_l("Write a date: day, month and year."))],
        format=DATE,
    )  # fmt: skip
    file = FileField(
        _l("File"),
        description=_l("CSV or XLSX, at most 90 MB; the headings stand in one of the first ten rows."),
    )
