"""Keys for one purpose each, derived from the installation's secrets, and what is closed and marked with them.

Personal data that has to be read again (an address to write to, a number to send to) is kept sealed under the
master key; what has only to be recognised (a code, a telephone number) is kept as a keyed hash.
"""

import hashlib
import hmac
import json
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

KEY_BYTES = 32
#: Sealed values are padded to a multiple of this, so that a length does not say whose address it is.
STEP = 256


def derive(secret: bytes, purpose: str) -> bytes:
    """A key for one purpose from a secret of the settings (HKDF-SHA-256)."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=f"civic {purpose}".encode()).derive(
        secret
    )


def _box(purpose: str) -> SecretBox:
    return SecretBox(derive(current_app.config["SETTINGS"].master_key, f"sealed {purpose}"))


def seal(purpose: str, value: dict[str, Any]) -> bytes:
    """A small record that only this installation can read again, for one purpose."""
    plain = json.dumps(value, ensure_ascii=False).encode()
    return bytes(_box(purpose).encrypt(plain + b" " * (-len(plain) % STEP)))


def unseal(purpose: str, sealed: bytes) -> dict[str, Any]:
    """What was sealed. Raises ValueError when it was not sealed here, or for something else."""
    try:
        value: dict[str, Any] = json.loads(_box(purpose).decrypt(sealed))
    except (CryptoError, TypeError) as error:
        raise ValueError("the record does not open with this installation's master key") from error
    return value


def mark(purpose: str, text: str) -> bytes:
    """The keyed hash of something that has only to be recognised again."""
    key = derive(current_app.config["SETTINGS"].master_key, f"mark {purpose}")
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
