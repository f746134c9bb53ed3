"""The limit of a text is said as readers write numbers."""

from types import SimpleNamespace

import pytest
from flask import Flask
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from wtforms import ValidationError

from civic.extensions import Babel
from civic.lengths import AtMost


@pytest.mark.parametrize(("language", "said"), [("ro", "5.000"), ("en", "5,000")])
def test_what_is_too_long_is_told_the_limit(language: str, said: str) -> None:
    app = Flask("lengths")
    Babel(app, default_locale="ro")
    check = AtMost(5000, _l("This text may have at most %(max)s characters."))
    assert check.field_flags == {"maxlength": 5000}, "the field counts down"
    with app.test_request_context(), force_locale(language):
        check(None, SimpleNamespace(data="x" * 5000))  # type: ignore[arg-type]
        check(None, SimpleNamespace(data=None))  # type: ignore[arg-type]
        with pytest.raises(ValidationError, match=said):
            check(None, SimpleNamespace(data="x" * 5001))  # type: ignore[arg-type]
