"""The signed checkpoint of a round: how many leaves there are and the root over them, under the city's log key.

A checkpoint is a C2SP signed note (https://c2sp.org/tlog-checkpoint): origin, size, root in base64, an empty line, and
a signature line `— NAME BASE64(4 bytes of the key's hash, 64 bytes of Ed25519)`. The name is the origin.

A promise is the same kind of note with the word `promise` in place of the size and a leaf in place of the root: the
leaf will be in the log when the round is closed. No reader of checkpoints takes it for one.
"""

import base64
import hashlib
from functools import lru_cache
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from civic.config import Settings
from voting.keys import derive

#: The byte that says Ed25519 in a key of a signed note.
_ED25519 = b"\x01"

#: What stands in a promise where a checkpoint has its size.
PROMISE = "promise"


def log_key(settings: Settings) -> Ed25519PrivateKey:
    """The key that signs checkpoints and promises."""
    return _log_key(settings.log_key)


@lru_cache(maxsize=4)
def _log_key(secret: bytes) -> Ed25519PrivateKey:
    # A receipt is signed for every ballot; the secret stays as long as the process anyway.
    return Ed25519PrivateKey.from_private_bytes(derive(secret, "log signing key"))


def public_pem(settings: Settings) -> str:
    """The public half of the log key, as `openssl` reads it."""
    return pem_of(log_key(settings).public_key())


def pem_of(key: Ed25519PublicKey) -> str:
    """A public key as PEM."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def public_der(settings: Settings) -> bytes:
    """The public half of the log key as DER: its SHA-256 is what verify.py calls the key."""
    return log_key(settings).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def origin_of(settings: Settings, slug: str) -> str:
    """What a round's checkpoints are of: the site's host and the round's address, without a scheme."""
    return f"{urlsplit(settings.base_url).netloc}/rounds/{slug}"


def note_text(origin: str, size: int | str, root: bytes) -> str:
    """What is signed."""
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


def key_hash(name: str, public: bytes) -> bytes:
    """The four bytes by which a signature line names its key."""
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]


def sign(key: Ed25519PrivateKey, origin: str, size: int, root: bytes) -> str:
    """The signed note. The same for the same key, size and root."""
    return _signed(key, origin, note_text(origin, size, root))


def sign_promise(key: Ed25519PrivateKey, origin: str, leaf: bytes) -> str:
    """The signed note that a leaf will be in the log at the close. The same for the same key and leaf."""
    return _signed(key, origin, note_text(origin, PROMISE, leaf))


@lru_cache(maxsize=64)
def _hash_of(key: Ed25519PrivateKey, origin: str) -> bytes:
    """`key_hash` of a private key: the same in every promise of a round."""
    return key_hash(origin, key.public_key().public_bytes_raw())


def _signed(key: Ed25519PrivateKey, origin: str, text: str) -> str:
    signed = _hash_of(key, origin) + key.sign(text.encode())
    return f"{text}\n\u2014 {origin} {base64.b64encode(signed).decode()}\n"


def is_signed_by(note: str, pem: str) -> bool:
    """Whether a note holds a valid signature of this key."""
    key = load_pem_public_key(pem.encode())
    text, _empty, line = note.partition("\n\n")
    parts = line.rstrip("\n").split(" ")
    if not isinstance(key, Ed25519PublicKey) or len(parts) != 3 or parts[0] != "\u2014":
        return False
    try:
        signed = base64.b64decode(parts[2], validate=True)
        key.verify(signed[4:], f"{text}\n".encode())
    except Exception:  # whatever is wrong with it, it is no signature
        return False
    return signed[:4] == key_hash(parts[1], key.public_bytes_raw())
