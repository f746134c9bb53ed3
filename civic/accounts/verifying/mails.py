"""The messages that carry codes, in the recipient's language."""

from datetime import datetime

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from civic.accounts.models import Account
from civic.clock import to_city


def _site() -> str:
    name: str = current_app.config["SETTINGS"].city.platform_name
    return name


def code_by_mail(account: Account, code: str, until: datetime) -> tuple[str, str]:
    """(subject, body) of the message with a code. The subject does not show it: previews stand on locked screens."""
    city = current_app.config["SETTINGS"].city
    with force_locale(account.locale):
        paragraphs = [
            _("Hello, %(name)s,", name=account.display_name),
            _("Your code on %(city)s is:", city=_site()),
            code,
            _("Type it on the page you came from until %(time)s.", time=f"{to_city(until):%H:%M}"),
            _("If you did not ask for it, do nothing and tell nobody the code: without it nothing happens."),
            f"{city.platform_name}\n{city.authority}\n{city.contact_email}",
        ]
        return _("Your code for verification"), "\n\n".join(paragraphs)


def code_by_sms(account: Account, code: str, until: datetime) -> str:
    """One text message: short enough for a single one with Romanian letters (70 characters)."""
    with force_locale(account.locale):
        return _(
            "%(code)s is your code, until %(time)s. Tell it to nobody.",
            code=code,
            time=f"{to_city(until):%H:%M}",
        )
