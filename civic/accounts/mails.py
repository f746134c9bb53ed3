"""What accounts write to people, in the recipient's language: (subject, body) pairs, plain text."""

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from civic.accounts.models import Account
from civic.accounts.verifying import methods


def _city() -> str:
    return current_app.config["SETTINGS"].city.platform_name


def _compose(*paragraphs: str) -> str:
    city = current_app.config["SETTINGS"].city
    closing = f"{city.platform_name}\n{city.authority}\n{city.contact_email}"
    return "\n\n".join([*paragraphs, closing])


def _hello(account: Account) -> str:
    return _("Hello, %(name)s,", name=account.display_name)


def confirm_address(account: Account, link: str) -> tuple[str, str]:
    """After registering: one link to confirm the address."""
    with force_locale(account.locale):
        return _("Confirm your e-mail address"), _compose(
            _hello(account),
            _(
                "You made an account on %(city)s. Open this link and enter your password to confirm that the address "
                "is yours:",
                city=_city(),
            ),
            link,
            _("The link works for 7 days. If you did not make an account, you need not do anything."),
        )


def already_registered(account: Account, sign_in: str, reset: str) -> tuple[str, str]:
    """Somebody registered with an address that has an account: the page does not say so, this message does."""
    with force_locale(account.locale):
        return _("You already have an account"), _compose(
            _hello(account),
            _(
                "Somebody, probably you, tried to make an account on %(city)s with this address. You already have "
                "one: sign in here.",
                city=_city(),
            ),
            sign_in,
            _("If you no longer know the password, choose a new one:"),
            reset,
            _("If it was not you, you need not do anything: your account has not changed."),
        )


def registered_again(account: Account, confirm: str, reset: str) -> tuple[str, str]:
    """Somebody registered again before confirming: the link, and a way out when the password is another's."""
    with force_locale(account.locale):
        return _("Confirm your e-mail address"), _compose(
            _hello(account),
            _(
                "Somebody, probably you, registered again on %(city)s with this address, which waits to be confirmed. "
                "Open this link and enter the password you chose the first time:",
                city=_city(),
            ),
            confirm,
            _("If you do not know that password, choose a new one; this confirms the address too:"),
            reset,
        )


def reset_password(account: Account, link: str) -> tuple[str, str]:
    """The link to choose a new password."""
    with force_locale(account.locale):
        return _("Choose a new password"), _compose(
            _hello(account),
            _("You asked for a new password on %(city)s. Choose it here:", city=_city()),
            link,
            _("The link works for 2 hours, once. If you did not ask for it, you need not do anything."),
        )


def reset_unknown(address: str, register: str, locale: str) -> tuple[str, str]:
    """Somebody asked for a new password for an address without an account."""
    with force_locale(locale):
        return _("No account has this address"), _compose(
            _(
                "Somebody asked for a new password on %(city)s for this address, but no account uses it.",
                city=_city(),
            ),
            _("If it was you, perhaps you registered with another address; or make an account here:"),
            register,
            _("If it was not you, you need not do anything."),
        )


def password_changed(account: Account, reset: str) -> tuple[str, str]:
    """After a change of password."""
    with force_locale(account.locale):
        return _("Your password has changed"), _compose(
            _hello(account),
            _("The password of your account on %(city)s has just been changed.", city=_city()),
            _("If it was not you, choose a new one at once; this signs everybody else out:"),
            reset,
        )


def change_email(account: Account, link: str) -> tuple[str, str]:
    """To the new address: the link that makes the change."""
    with force_locale(account.locale):
        return _("Confirm your new e-mail address"), _compose(
            _hello(account),
            _("You asked to use this address for your account on %(city)s. Confirm it here:", city=_city()),
            link,
            _("The link works for one day. If you did not ask for it, you need not do anything."),
        )


def email_taken(account: Account) -> tuple[str, str]:
    """To the owner of an address that somebody else wants to use."""
    with force_locale(account.locale):
        return _("Your address already has an account"), _compose(
            _hello(account),
            _(
                "Somebody asked to use this address for another account on %(city)s. It already belongs to yours, so "
                "nothing has changed.",
                city=_city(),
            ),
        )


def email_changed(account: Account) -> tuple[str, str]:
    """To the old address, after the change."""
    with force_locale(account.locale):
        return _("Your e-mail address has changed"), _compose(
            _hello(account),
            _(
                "Your account on %(city)s now uses another e-mail address. We no longer write to this one.",
                city=_city(),
            ),
            _("If it was not you, write to us at once at the address below."),
        )


def account_deleted(account: Account) -> tuple[str, str]:
    """The last message, sent to the address before it is forgotten."""
    with force_locale(account.locale):
        return _("Your account was deleted"), _compose(
            _hello(account),
            _("Your account on %(city)s was deleted, as you asked.", city=_city()),
            _("If it was not you, write to us at once at the address below."),
        )


def identity_taken_back(account: Account) -> tuple[str, str]:
    """After the identity an account used was found to be somebody else's."""
    with force_locale(account.locale):
        return _("Your account is no longer verified"), _compose(
            _hello(account),
            _(
                "The identity that your account on %(city)s was verified with was given back to its holder, who came "
                "to the desk with the original document. Your account remains, but it can no longer vote.",
                city=_city(),
            ),
            _(
                "If this is your identity, come to the desk with your document or write to us at the address below."
            ),
        )


def taken_over(account: Account) -> tuple[str, str]:
    """To an account that had declared to be a person whose document a clerk has now seen with another account."""
    with force_locale(account.locale):
        return _("Your account is no longer verified"), _compose(
            _hello(account),
            _(
                "Somebody showed, at the desk of the city hall, the identity document of the person your account on "
                "%(city)s had declared to be, and that person now votes with another account.",
                city=_city(),
            ),
            _(
                "If both accounts are yours, you need not do anything. If not, write to us at the address below."
            ),
        )


def verified(account: Account, link: str, proof: str = "desk") -> tuple[str, str]:
    """After the city has learned who somebody is."""
    with force_locale(account.locale):
        if proof != "desk":
            return _("You can vote now"), _compose(
                _hello(account),
                _(
                    "You were verified on %(city)s: %(how)s. You can now vote in the rounds that accept this.",
                    city=_city(),
                    how=methods.NAMES[proof],
                ),
                _(
                    "The city hall checks some declarations afterwards, by telephone or at the desk. Nobody asks for "
                    "a code or a password."
                ),
                _("If it was not you, write to us at once at the address below."),
                link,
            )
        return _("The city hall has verified you"), _compose(
            _hello(account),
            _(
                "A clerk of the city hall has checked your identity document and linked it to your account on "
                "%(city)s. You can now vote in the rounds whose rules you meet.",
                city=_city(),
            ),
            _("If you were not at the desk, write to us at once at the address below."),
            link,
        )
