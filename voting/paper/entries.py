"""What was keyed, closed until the batch is accepted: encrypted under a key of the server, all of one length.

Two people see a sheet when they key it and a third where they differ; the database holds no choice in clear.
"""

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from civic.config import Settings
from voting.keys import derive, pad, unpad
from voting.paper.rules import Entry

STEP = 256


class EntryBox:
    """Encrypts and reads the entries of one round."""

    def __init__(self, settings: Settings, round_id: int) -> None:
        self._box = SecretBox(derive(settings.master_key, f"paper entries of round {round_id}"))

    def close(self, entry: Entry) -> bytes:
        """The entry as it is stored."""
        plain = entry.canonical.encode()
        return bytes(self._box.encrypt(pad(plain, (len(plain) // STEP + 1) * STEP)))

    def open(self, stored: bytes) -> Entry:
        """The entry again. Raises ValueError for what is not ours."""
        try:
            return Entry.from_canonical(unpad(self._box.decrypt(stored)).decode())
        except CryptoError as error:
            raise ValueError("the entry does not open") from error
