"""What a password must be, how long to wait after wrong ones, and who may hold which role. Pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from civic.actor import Role

PASSWORD_LEAST = 10
PASSWORD_MOST = 200
NAME_MOST = 80

#: Failures older than this are forgotten.
FAILURE_WINDOW = timedelta(hours=24)

#: Well-known passwords of ten characters and more, and the stems people lengthen with digits.
_COMMON = frozenset(
    [
        "1234567890",
        "0123456789",
        "9876543210",
        "0987654321",
        "1029384756",
        "1q2w3e4r5t",
        "1q2w3e4r5t6y",
        "q1w2e3r4t5",
        "qwertyuiop",
        "qwertyuiop123",
        "qwerty12345",
        "qwerty123456",
        "qwerty1234",
        "qazwsxedc1",
        "asdfghjkl1",
        "asdfghjklz",
        "zxcvbnm123",
        "zaq12wsxcde3",
        "iloveyou123",
        "iloveyou12",
        "password12",
        "password123",
        "password1234",
        "password12345",
        "passw0rd123",
        "p@ssw0rd123",
        "p@ssword123",
        "changeme123",
        "letmein123",
        "welcome123",
        "welcome1234",
        "administrator",
        "administrator1",
        "superman123",
        "football123",
        "baseball123",
        "princess123",
        "sunshine123",
        "parola1234",
        "parola12345",
        "parola123456",
        "parolamea1",
        "parolamea123",
        "parolamea2",
        "parolanoua",
        "parolanoua1",
        "parolasecreta",
        "romania123",
        "romania1234",
        "romania2024",
        "romania2025",
        "romania2026",
        "bucuresti1",
        "bucuresti12",
        "bucuresti123",
        "sectorul2",
        "sectorul22",
        "steaua1947",
        "steaua1986",
        "dinamo1948",
        "rapid1923",
        "teiubesc12",
        "teiubesc123",
        "iubireamea",
        "iubireamea1",
        "dragostea1",
        "dragostea123",
        "familiamea",
        "familiamea1",
        "copiiimei1",
        "andreea123",
        "alexandra1",
        "alexandra123",
        "alexandru1",
        "alexandru123",
        "cristina123",
        "cristian123",
        "gabriela123",
        "gabriel1234",
        "mihaela123",
        "florentina",
        "elisabeta1",
        "nicoleta123",
        "valentina1",
        "constantin",
        "constantin1",
        "doamneajuta",
        "doamneajuta1",
        "hristosainviat",
        "abcdefghij",
        "abcd123456",
        "abcdef1234",
        "abc1234567",
        "a123456789",
        "aa12345678",
        "123456789a",
        "12345678910",
        "123456789q",
        "123qweasdzxc",
        "1qaz2wsx3edc",
        "1qazxsw23edc",
        "qweasdzxc1",
        "qweasd1234",
        "q1w2e3r4t5y6",
        "zxcvbnm1234",
        "0000000000a",
        "facebook123",
        "whatsapp123",
        "google1234",
        "microsoft1",
        "samsung123",
        "internet123",
        "computer123",
        "calculator",
        "calculator1",
    ]
)
_STEMS = ("password", "parola", "qwerty", "qwertz", "admin", "romania", "bucuresti", "welcome", "letmein", "iloveyou",
          "teiubesc", "civic", "sectorul", "primaria")  # fmt: skip
_RUNS = ("01234567890123456789", "98765432109876543210", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm",
         "zyxwvutsrqponmlkjihgfedcba")  # fmt: skip


def password_problem(password: str, email: str = "") -> str | None:
    """Why a password is refused: short, long, common, email; None when it is good enough."""
    if len(password) < PASSWORD_LEAST:
        return "short"
    if len(password) > PASSWORD_MOST:
        return "long"
    plain = password.casefold()
    address = email.casefold()
    if address and plain in (address, address.partition("@")[0], address.partition("@")[2]):
        return "email"
    return "common" if _is_common(plain) else None


def _is_common(plain: str) -> bool:
    if plain in _COMMON or any(plain in run for run in _RUNS):
        return True
    if any(plain == plain[:size] * (len(plain) // size) + plain[: len(plain) % size] for size in (1, 2, 3)):
        return True
    # "parola2026!!!": a stem and then only digits and marks.
    return any(
        plain.startswith(stem) and not any(char.isalpha() for char in plain[len(stem) :]) for stem in _STEMS
    )


@dataclass(frozen=True)
class Throttle:
    """How many failures are free, then how long to wait: `first` doubled for each one more, up to `most`."""

    free: int
    first: timedelta
    most: timedelta


#: A person who mistypes never meets it; a guesser gets about a hundred tries a day, then fewer.
ACCOUNT_THROTTLE = Throttle(free=5, first=timedelta(seconds=30), most=timedelta(minutes=15))
#: A school or a block of flats may share one address, so a network is given more.
NETWORK_THROTTLE = Throttle(free=50, first=timedelta(seconds=30), most=timedelta(minutes=15))


def wait_until(throttle: Throttle, failures: Sequence[datetime]) -> datetime | None:
    """When the next attempt may be made, given the moments of the failures in the window; None: at once.

    The wait grows with the failures and never passes `most` after the last one: nobody is locked out for good.
    """
    beyond = len(failures) - throttle.free
    if beyond < 0:
        return None
    # Doubling stops being computed long before it could overflow.
    wait = min(throttle.first * 2 ** min(beyond, 20), throttle.most)
    return max(failures) + wait


def department_needed(role: Role) -> bool:
    """Whether a role is given for one department."""
    return role is Role.EVALUATOR
