"""What may be uploaded, what it is called afterwards, and how large it is shown. Plain values only."""

import re
from datetime import timedelta

from civic.text import clean_line

MAX_BYTES = 10_000_000
MAX_PIXELS = 40_000_000
FULL_SIDE = 2000
THUMB_SIDE = 640
#: A resident's uploads in a day; enough for a person, too few for a flood.
MAX_UPLOADS_A_DAY = 60
#: A file that nothing refers to is kept this long: its form may still be open.
ORPHAN_AFTER = timedelta(days=1)

#: image format as Pillow calls it -> the extensions people give it
IMAGE_EXTENSIONS = {"JPEG": {"jpg", "jpeg", "jpe", "jfif"}, "PNG": {"png"}, "WEBP": {"webp"}}
EVERY_IMAGE_EXTENSION = {extension for names in IMAGE_EXTENSIONS.values() for extension in names}

#: document extension -> its media type
DOCUMENT_TYPES = {
    "pdf": "application/pdf",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

_UNSAFE = re.compile(r'[<>:"|?*%#&;`$\\/]+')


def extension_of(name: str) -> str:
    """What follows the last dot of a name, in lower case; empty without one.

    >>> extension_of("Planșă FINALĂ.PDF")
    'pdf'
    """
    stem, dot, extension = name.strip().rpartition(".")
    return extension.lower() if dot and stem and extension.isalnum() and len(extension) <= 5 else ""


def clean_name(raw: str, extension: str, fallback: str) -> str:
    """A name safe to store, show and save: no folders, no odd signs, the extension of the real content.

    >>> clean_name("../../etc/pass<wd>.php", "pdf", "document")
    'pass wd.pdf'
    """
    name = clean_line(raw.replace("\\", "/").rsplit("/", 1)[-1])
    known = extension_of(name)
    stem = name[: -len(known) - 1] if known else name
    stem = " ".join(_UNSAFE.sub(" ", stem).split()).strip(". ")[:100].rstrip(". ")
    return f"{stem or fallback}.{extension}"


def fit(width: int, height: int, side: int) -> tuple[int, int]:
    """The size of an image scaled down (never up) so that neither side exceeds `side`.

    >>> fit(4000, 3000, 2000)
    (2000, 1500)
    """
    longest = max(width, height)
    if longest <= side:
        return width, height
    return max(1, round(width * side / longest)), max(1, round(height * side / longest))
