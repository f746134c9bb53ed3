"""Commands on one's own account: register, confirm, sign in, change, delete. They flush, never commit."""

from collections.abc import Collection
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from civic import audit, outbox
from civic.accounts import leaving, mails, passwords, policy, queries, rules, throttle, tokens
from civic.accounts.models import Account, Person, RoleGrant, SignInFailure
from civic.accounts.verifying import erasing
from civic.actor import Actor
from civic.errors import Conflict, Invalid, NotAllowed
from civic.extensions import db
from civic.notifications.compose import address_of
from civic.outbox import OutboxMessage
from civic.text import clean_line

#: What the row of a deleted account shows where nobody translates it.
DELETED_NAME = "cont șters"


class LinkSpent(Invalid):
    """A link from a message that no longer works."""

    def __init__(self) -> None:
        super().__init__(_("This link no longer works: it was used, or it is too old. Ask for a new one."))


def check_password(password: str, email: str) -> None:
    """Raise Invalid with the sentence that says what is wrong with a new password."""
    problem = rules.password_problem(password, email)
    sentences = {
        "short": _("Use at least %(count)s characters; three or four words are easy to remember.",
                   count=rules.PASSWORD_LEAST),
        "long": _("Use at most %(count)s characters.", count=rules.PASSWORD_MOST),
        "email": _("Choose a password that is not your e-mail address."),
        "common": _("This password is among the first that somebody would try. Choose another."),
    }  # fmt: skip
    if problem is not None:
        raise Invalid(sentences[problem])


def create_account(
    email: str,
    password: str,
    display_name: str,
    now: datetime,
    *,
    locale: str = "ro",
    neighbourhood_id: int | None = None,
    confirmed: bool = False,
) -> Account:
    """A new account. Raises Invalid for the password, Conflict when the address has an account."""
    check_password(password, email)
    account = Account(
        email=email,
        password_hash=passwords.hash_password(password),
        display_name=clean_line(display_name),
        locale=locale,
        created_at=now,
        email_confirmed_at=now if confirmed else None,
        session_epoch=0,
        neighbourhood_id=neighbourhood_id,
    )
    try:
        # Two registrations at once race past any look-up; the unique index settles it.
        with db.session.begin_nested():
            db.session.add(account)
            db.session.flush()
    except IntegrityError as error:
        if "uq_account_email" in str(error.orig):
            raise Conflict(_("This address already has an account.")) from error
        raise
    audit.record(_actor_of(account), "account.registered", "account", account.id, now)
    return account


def _actor_of(account: Account) -> Actor:
    return Actor(id=account.id)


def register(
    email: str,
    password: str,
    display_name: str,
    now: datetime,
    *,
    locale: str,
    neighbourhood_id: int | None = None,
    next_url: str = "",
) -> None:
    """Register an address. The same for the one who asks whether or not it has an account: a message goes out.

    Both ways the password is hashed once, so that the time tells nothing either. Raises Invalid for the password.
    """
    check_password(password, email)
    existing = queries.find_account_by_email(email)
    if existing is None:
        try:
            account = create_account(
                email, password, display_name, now, locale=locale, neighbourhood_id=neighbourhood_id
            )
        except Conflict:
            existing = queries.find_account_by_email(email)
        else:
            send_confirmation(account, now, next_url)
            return
    else:
        passwords.hash_password(password)
    if existing is not None:
        _tell_registered(existing, now, next_url)


def _tell_registered(account: Account, now: datetime, next_url: str) -> None:
    reset = address_of("accounts.reset", token=tokens.make_token(tokens.RESET, account))
    if account.email_confirmed_at is None:
        confirm = address_of("accounts.confirm", token=tokens.make_token(tokens.CONFIRM, account, next_url))
        subject, body = mails.registered_again(account, confirm, reset)
    else:
        subject, body = mails.already_registered(account, address_of("accounts.sign_in"), reset)
    outbox.post(account.email, subject, body, now)


def send_confirmation(account: Account, now: datetime, next_url: str = "") -> None:
    """Send (again) the link that confirms the address. Does nothing when it is confirmed."""
    if account.email_confirmed_at is not None:
        return
    token = tokens.make_token(tokens.CONFIRM, account, next_url)
    subject, body = mails.confirm_address(account, address_of("accounts.confirm", token=token))
    outbox.post(account.email, subject, body, now)


def account_of_token(purpose: str, raw: str) -> tuple[Account, tokens.Token]:
    """The account a link was made for. Raises LinkSpent."""
    try:
        token = tokens.read_token(purpose, raw)
    except tokens.TokenError as error:
        raise LinkSpent from error
    account = queries.find_account(token.account_id)
    if account is None or not tokens.still_good(purpose, token, account):
        raise LinkSpent
    return account, token


def confirm_email(account: Account, now: datetime) -> None:
    """Note that the address belongs to the account's owner. Twice is the same as once."""
    if account.email_confirmed_at is None:
        account.email_confirmed_at = now
        audit.record(_actor_of(account), "account.email_confirmed", "account", account.id, now)


def authenticate(email: str, password: str) -> Account | None:
    """The account whose address and password these are, else None after the same time."""
    account = queries.find_account_by_email(email)
    right = passwords.verify_password(account.password_hash if account else None, password)
    if account is None or not right:
        return None
    if passwords.needs_rehash(account.password_hash):
        account.password_hash = passwords.hash_password(password)
    return account


def request_reset(email: str, now: datetime, locale: str) -> None:
    """Send the link for a new password, or say that the address has no account: only to that address."""
    account = queries.find_account_by_email(email)
    if account is None or not account.is_active:
        subject, body = mails.reset_unknown(email, address_of("accounts.register"), locale)
    else:
        link = address_of("accounts.reset", token=tokens.make_token(tokens.RESET, account))
        subject, body = mails.reset_password(account, link)
    outbox.post(email, subject, body, now)


def reset_password(raw_token: str, password: str, now: datetime) -> Account:
    """A new password by a link from the mail box, which confirms the address too; waits are forgotten.

    Raises LinkSpent, Invalid for the password.
    """
    account, _token = account_of_token(tokens.RESET, raw_token)
    locked = queries.lock_account(account.id)
    account_of_token(tokens.RESET, raw_token)
    check_password(password, locked.email)
    _set_password(locked, password, now, "account.password_reset")
    confirm_email(locked, now)
    throttle.clear([throttle.address_counter(locked.email)], [], now)
    return locked


def change_password(account: Account, password: str, now: datetime) -> None:
    """A new password from inside the account; other sessions end. Raises Invalid."""
    check_password(password, account.email)
    _set_password(account, password, now, "account.password_changed")


def _set_password(account: Account, password: str, now: datetime, event: str) -> None:
    account.password_hash = passwords.hash_password(password)
    account.session_epoch += 1
    audit.record(_actor_of(account), event, "account", account.id, now)
    subject, body = mails.password_changed(account, address_of("accounts.request_reset"))
    outbox.post(account.email, subject, body, now)


def sign_out_everywhere(account: Account, now: datetime) -> None:
    """End every session of the account."""
    account.session_epoch += 1
    audit.record(_actor_of(account), "account.signed_out_everywhere", "account", account.id, now)


def request_email_change(account: Account, email: str, now: datetime) -> None:
    """Send the link to the new address; if that has an account, tell its owner instead. Raises Invalid."""
    if email == account.email:
        raise Invalid(_("This is already your address."))
    taken = queries.find_account_by_email(email)
    if taken is not None:
        subject, body = mails.email_taken(taken)
    else:
        token = tokens.make_token(tokens.CHANGE_EMAIL, account, email)
        subject, body = mails.change_email(account, address_of("accounts.change_email", token=token))
    outbox.post(email, subject, body, now)


def change_email(raw_token: str, now: datetime) -> Account:
    """Use the new address, and tell the old one. Raises LinkSpent, Conflict when it was taken meanwhile."""
    account, token = account_of_token(tokens.CHANGE_EMAIL, raw_token)
    subject, body = mails.email_changed(account)
    old = account.email
    try:
        with db.session.begin_nested():
            account.email = token.extra
            account.email_confirmed_at = now
            db.session.flush()
    except IntegrityError as error:
        raise Conflict(_("This address can no longer be used: it has an account.")) from error
    outbox.post(old, subject, body, now)
    audit.record(_actor_of(account), "account.email_changed", "account", account.id, now)
    return account


def update_profile(
    account: Account, display_name: str, neighbourhood_id: int | None, locale: str, now: datetime
) -> None:
    """The name shown, the neighbourhood somebody says they live in, and the language of messages."""
    account.display_name = clean_line(display_name)
    account.neighbourhood_id = neighbourhood_id
    account.locale = locale
    audit.record(_actor_of(account), "account.profile_changed", "account", account.id, now)


def delete_account(account: Account, now: datetime, kept: Collection[str] = ()) -> None:
    """Make the account anonymous for good; its person record stays until no contest needs it.

    The row remains because texts and records point at it. The person is released, not removed: registering
    again and being verified again leads to the same person, so there is no second vote. `kept` names what its owner
    wants to stay (`leaving.choices`).
    Raises NotAllowed for the last administrator, and while something needs the account.
    """
    administrators = queries.lock_active_administrators()
    decision = policy.can_delete(account, administrators, leaving.obstacle(account.id, now))
    if not decision:
        raise NotAllowed(decision.reason)
    actor, address = _actor_of(account), account.email
    farewell = mails.account_deleted(account)
    leaving.forget(account, now, kept)
    forget_mail(address)
    erasing.forget_account(account.id)
    db.session.execute(
        delete(SignInFailure).where(
            SignInFailure.key.in_(
                [throttle.address_counter(address).key, throttle.password_counter(account.id).key]
            )
        )
    )
    if account.person_id is not None:
        db.session.execute(update(Person).where(Person.id == account.person_id).values(released_at=now))
    db.session.execute(delete(RoleGrant).where(RoleGrant.account_id == account.id))
    db.session.expire(account, ["grants"])
    account.email = f"deleted-{account.id}@deleted.invalid"
    account.password_hash = passwords.UNUSABLE
    account.display_name = DELETED_NAME
    account.email_confirmed_at = None
    account.neighbourhood_id = None
    account.person_id = None
    account.disabled_at = account.disabled_at or now
    account.deleted_at = now
    account.session_epoch += 1
    audit.record(actor, "account.deleted", "account", account.id, now)
    outbox.post(address, *farewell, now)


def forget_mail(address: str) -> None:
    """Take an address out of the outbox: what was not sent is not sent, what was sent is nobody's."""
    for message in queries.list_mail_to(address):
        if message.sent_at is None and message.given_up_at is None:
            db.session.delete(message)
        else:
            message.address, message.subject, message.body = "", "", ""
    db.session.flush()


def forget_old_mail(before: datetime) -> None:
    """Blank who was written to, a while after the message was sent."""
    done = (OutboxMessage.sent_at < before) | (OutboxMessage.given_up_at < before)
    db.session.execute(
        update(OutboxMessage)
        .where(done, OutboxMessage.address != "")
        .values(address="", subject="", body="")
        .execution_options(synchronize_session=False)
    )
