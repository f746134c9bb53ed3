"""The keys of a round: what links people to ballots, and what opens ballots. Nothing by hand: PyNaCl and HMAC.

The pseudonym key and the form key live in one file outside the database and its backups and are destroyed
at close before anything is opened. The box's secret key is wrapped by a key derived from the master key, unless
holders keep it (`voting/custody/`).
"""

import base64
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox

from civic.config import Settings
from civic.sealing import KEY_BYTES
from civic.sealing import derive as derive

#: Ciphertexts are all of one length: ballots are padded to a multiple of this.
PADDING_STEP = 256


class KeysMissing(Exception):
    """The round's key file is not on this machine."""


@lru_cache(maxsize=16)
def application_key(secret: str, purpose: str) -> bytes:
    """A key from the application's own secret, which stays as long as the process: kept. Never a round's key."""
    return derive(secret.encode(), purpose)


@dataclass(frozen=True)
class RoundKeys:
    """What turns a person into a pseudonym and a form into a nonce while a round is open."""

    nym_key: bytes = field(repr=False)
    form_key: bytes = field(repr=False)

    def nym(self, round_id: int, voter_id: int) -> bytes:
        """The voter's pseudonym in the box of this round."""
        return hmac.digest(self.nym_key, f"{round_id}|{voter_id}".encode(), hashlib.sha256)

    def nonce(self, form_id: bytes) -> bytes:
        """The nonce of the ballot sent with a form: the same form sent twice is the same ballot."""
        return hmac.digest(self.form_key, form_id, hashlib.sha256)


def path_of(settings: Settings, round_id: int) -> Path:
    """Where a round's keys are."""
    return settings.keys_folder / f"round-{round_id}.key"


def create_round_keys(settings: Settings, round_id: int) -> RoundKeys:
    """Make the round's keys, or read those already made. Whole or not at all, readable by the owner alone."""
    path = path_of(settings, round_id)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as handle:
                handle.write(secrets.token_bytes(2 * KEY_BYTES))
                handle.flush()
                os.fsync(handle.fileno())
            # A link fails when another process was first; then its keys are the round's.
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        _sync_folder(path.parent)
    return load_round_keys(settings, round_id)


def load_round_keys(settings: Settings, round_id: int) -> RoundKeys:
    """The round's keys. Raises KeysMissing when this machine does not have them (any more)."""
    try:
        # Read anew for every ballot: when the close has destroyed it, it is gone.
        with path_of(settings, round_id).open("rb", buffering=0) as handle:
            raw = handle.read()
    except FileNotFoundError as error:
        raise KeysMissing(f"the keys of round {round_id} are not here") from error
    if len(raw) != 2 * KEY_BYTES:
        raise KeysMissing(f"the key file of round {round_id} is damaged")
    return RoundKeys(raw[:KEY_BYTES], raw[KEY_BYTES:])


def destroy_round_keys(settings: Settings, round_id: int) -> None:
    """Overwrite and remove the round's keys. Doing it twice is the same as once."""
    path = path_of(settings, round_id)
    if path.exists():
        with path.open("r+b") as handle:
            handle.write(b"\x00" * (2 * KEY_BYTES))
            handle.flush()
            os.fsync(handle.fileno())
        path.unlink(missing_ok=True)
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_box_key(settings: Settings, round_id: int) -> tuple[bytes, bytes]:
    """A new key pair of the box: the public key, and the secret one wrapped by the master key."""
    secret = PrivateKey.generate()
    wrapped = SecretBox(_wrapping_key(settings, round_id)).encrypt(bytes(secret))
    return bytes(secret.public_key), bytes(wrapped)


def unwrap_box_key(settings: Settings, round_id: int, wrapped: bytes) -> bytes:
    """The secret key of a box that the server keeps."""
    return SecretBox(_wrapping_key(settings, round_id)).decrypt(wrapped)


def _wrapping_key(settings: Settings, round_id: int) -> bytes:
    return derive(settings.master_key, f"ballot box of round {round_id}")


def pad(text: bytes, length: int) -> bytes:
    """The text at the round's one length: a 0x80 byte, then zeros (ISO/IEC 7816-4)."""
    if len(text) >= length:
        raise ValueError("the ballot is longer than any ballot of the round can be")
    return text + b"\x80" + b"\x00" * (length - len(text) - 1)


def unpad(padded: bytes) -> bytes:
    """The text without its padding. Raises ValueError when there is none."""
    text, mark, _zeros = padded.rstrip(b"\x00").rpartition(b"\x80")
    if not mark or _zeros:
        raise ValueError("the ballot is not padded")
    return text


def seal(public_key: bytes, text: str, length: int) -> bytes:
    """The ballot closed with the box's public key; only the secret key opens it."""
    return bytes(SealedBox(PublicKey(public_key)).encrypt(pad(text.encode(), length)))


class BoxOpener:
    """Opens the ballots of one round. Made only after the keys that link people to ballots are gone."""

    def __init__(self, secret: bytes) -> None:
        self._box = SealedBox(PrivateKey(secret))

    def open(self, sealed: bytes) -> str:
        """The canonical text. Raises ValueError for a ciphertext that is not ours."""
        try:
            return unpad(self._box.decrypt(sealed)).decode()
        except (CryptoError, UnicodeDecodeError) as error:
            raise ValueError("the ballot does not open") from error


class CookieBox:
    """Encrypts small values that travel through a browser: the unfinished ballot, the ballot in a form."""

    def __init__(self, secret: str, purpose: str) -> None:
        self._box = SecretBox(application_key(secret, purpose))

    def close(self, plain: bytes, step: int = 128) -> str:
        """The value as text for a cookie or a field, its length telling little."""
        padded = pad(plain, (len(plain) // step + 1) * step)
        return base64.urlsafe_b64encode(bytes(self._box.encrypt(padded))).decode().rstrip("=")

    def open(self, text: str) -> bytes | None:
        """The value, or None when it is not one of ours."""
        try:
            raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            return unpad(self._box.decrypt(raw))
        except (CryptoError, ValueError, UnicodeEncodeError):
            return None
