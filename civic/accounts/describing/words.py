"""What the bands and genders are called."""

from typing import Any

from flask_babel import lazy_gettext as _l

AGE_BAND_NAMES: dict[str, Any] = {
    "16-24": _l("16–24 years"),
    "25-34": _l("25–34 years"),
    "35-44": _l("35–44 years"),
    "45-54": _l("45–54 years"),
    "55-64": _l("55–64 years"),
    "65+": _l("65 years or more"),
}

GENDER_NAMES: dict[str, Any] = {"woman": _l("Woman"), "man": _l("Man"), "another": _l("Another")}

UNSAID = _l("I would rather not say")
