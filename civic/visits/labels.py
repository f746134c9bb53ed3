"""What the services are called."""

from typing import Any

from flask_babel import lazy_gettext as _l

SERVICE_NAMES: dict[str, Any] = {
    "home": _l("Home page"),
    "proposals": _l("Proposals"),
    "rounds": _l("Editions and voting"),
    "consultations": _l("Consultations"),
    "agora": _l("Agora"),
    "deliveries": _l("Follow the works"),
    "neighbourhoods": _l("Neighbourhoods"),
    "organisations": _l("Organisations"),
    "transparency": _l("Transparency and figures"),
    "account": _l("Accounts"),
    "information": _l("News and information"),
    "other": _l("Other pages"),
}
