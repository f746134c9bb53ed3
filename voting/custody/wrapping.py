"""A secret under two locks, for every order of two of the keys. PyNaCl's sealed boxes, one inside the other.

Pure: keys and bytes in, bytes out. Nothing here is kept.
"""

from collections.abc import Mapping
from itertools import permutations

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox

#: The holders' places, and the place of the recovery copy that lies in the city's safe.
HOLDERS = (1, 2, 3)
RECOVERY = 4
PLACES = (*HOLDERS, RECOVERY)


class DoesNotOpen(Exception):
    """What was sealed does not open with this key, or is not what it should be."""


def generate() -> tuple[bytes, bytes]:
    """A new key pair: the private key and the public one."""
    private = PrivateKey.generate()
    return bytes(private), bytes(private.public_key)


def public_of(private: bytes) -> bytes:
    """The public key that belongs to a private one."""
    return bytes(PrivateKey(private).public_key)


def label(purpose: str, round_id: int) -> bytes:
    """What stands before a secret under its two locks: which box of which round it opens."""
    return f"civic-box 1 {purpose} {round_id}\n".encode()


def wrap(secret: bytes, mark: bytes, publics: Mapping[int, bytes]) -> dict[tuple[int, int], bytes]:
    """The marked secret for each order (first, second): sealed to the second, and that sealed to the first.

    Both orders exist so that two holders may present their keys in any order, each alone.
    """
    boxes = {place: SealedBox(PublicKey(public)) for place, public in publics.items()}
    return {
        (first, second): bytes(boxes[first].encrypt(bytes(boxes[second].encrypt(mark + secret))))
        for first, second in permutations(sorted(boxes), 2)
    }


def open_layer(private: bytes, sealed: bytes) -> bytes:
    """What is inside one lock. Raises DoesNotOpen for another key or damaged bytes."""
    try:
        return bytes(SealedBox(PrivateKey(private)).decrypt(sealed))
    except (CryptoError, ValueError) as error:
        raise DoesNotOpen from error


def open_last(private: bytes, sealed: bytes, mark: bytes) -> bytes:
    """The secret inside the last lock. Raises DoesNotOpen also for the secret of another box or round."""
    plain = open_layer(private, sealed)
    if not plain.startswith(mark) or len(plain) != len(mark) + 32:
        raise DoesNotOpen
    return plain[len(mark) :]


def seal_handover(key: bytes, secret: bytes) -> bytes:
    """The secret for the worker, under a key that only the application can derive."""
    return bytes(SecretBox(key).encrypt(secret))


def open_handover(key: bytes, sealed: bytes) -> bytes:
    """The secret that was handed over. Raises DoesNotOpen when the master key is another."""
    try:
        return bytes(SecretBox(key).decrypt(sealed))
    except CryptoError as error:
        raise DoesNotOpen from error
