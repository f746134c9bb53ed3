"""Whose sheet of paper it is: by the same keyed marks as online, so that every person answers once over all ways.

What was typed is turned into a mark and forgotten; neither the number nor the address is stored or shown again.
"""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm

from civic.accounts import identity, verification
from civic.accounts.desk_views import field_of, read_identity
from civic.accounts.forms import normalise_email
from civic.clock import city_date
from consultations.questionnaires import answering, queries
from consultations.questionnaires.forms import AddressForm, OwnerForm
from consultations.questionnaires.models import Questionnaire


def form_for(one: Questionnaire, sent: bool) -> FlaskForm | None:
    """The form that asks whose sheet it is; None where anybody may answer."""
    if one.access == "anyone":
        return None
    kind = AddressForm if one.access == "email" else OwnerForm
    return kind(prefix="owner-") if sent else kind(None, prefix="owner-")


def read(one: Questionnaire, form: FlaskForm | None, now: datetime) -> list[bytes] | None:
    """The marks of the sheet's author; None when what was typed is wrong, which the form then says."""
    if form is None:
        return []
    if not form.validate():
        return None
    if isinstance(form, AddressForm):
        address = normalise_email(str(form.email.data))
        return answering.marks_of_account(one, queries.find_by_email(address), address)
    assert isinstance(form, OwnerForm)
    try:
        identity.check_birth_date(form.birth_date.data, city_date(now))
        checked = read_identity(form)
    except identity.IdentityError as error:
        field: Any = form[field_of(error.code, form.kind.data)]
        field.errors = [verification.sentence_for(error)]
        return None
    digest = verification.hash_of(checked)
    return answering.marks_of_identity(one, digest, queries.find_by_identity(digest))


def refused_sentence() -> str:
    """What the clerk is told about a sheet that is not entered."""
    return _(
        "This person has answered already, online or on paper. The first answers count: the sheet was not entered. "
        "Keep it with those that are not counted."
    )
