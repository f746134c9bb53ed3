"""Looking inside an upload: what it really is, and an image made anew without what it carried along."""

import io
import logging
import zipfile
from dataclasses import dataclass

import puremagic
from flask_babel import gettext as _
from PIL import Image, ImageCms, ImageOps

from civic.errors import Invalid
from civic.files.rules import (
    DOCUMENT_TYPES,
    EVERY_IMAGE_EXTENSION,
    FULL_SIDE,
    IMAGE_EXTENSIONS,
    MAX_PIXELS,
    THUMB_SIDE,
    extension_of,
    fit,
)

logger = logging.getLogger(__name__)

#: An office file is a zip; more than this inside is a bomb, not a document.
MAX_ZIP_ENTRIES = 5000
MAX_UNPACKED_BYTES = 200_000_000


@dataclass(frozen=True)
class Picture:
    """An image made anew: its bytes, a smaller version, and what to call them."""

    full: bytes
    thumb: bytes
    media_type: str
    extension: str
    width: int
    height: int


def read_picture(data: bytes, name: str) -> Picture:
    """Decode and encode again, upright, in sRGB, without EXIF, comments or anything after the image.

    Raises Invalid with a sentence for the uploader.
    """
    claimed = extension_of(name)
    if claimed and claimed not in EVERY_IMAGE_EXTENSION:
        raise Invalid(_("Only JPEG, PNG and WebP images can be uploaded here."))
    try:
        with Image.open(io.BytesIO(data), formats=tuple(IMAGE_EXTENSIONS)) as source:
            if source.width * source.height > MAX_PIXELS:
                raise Invalid(_("The image has more than 40 megapixels. Choose a smaller one."))
            # A JPEG is decoded at a fraction of its size: less memory for the same result.
            source.draft("RGB", (FULL_SIDE, FULL_SIDE))
            image = _in_srgb(ImageOps.exif_transpose(source))
    except Image.DecompressionBombError as error:
        raise Invalid(_("The image has more than 40 megapixels. Choose a smaller one.")) from error
    except Invalid:
        raise
    except (
        Exception
    ) as error:  # decoders of hostile bytes raise anything: OSError, SyntaxError, struct.error…
        logger.info("unreadable image: %s", type(error).__name__)
        raise Invalid(
            _("This is not an image we can read, whatever its name says. Choose a JPEG, PNG or WebP image.")
        ) from error
    transparent = image.mode == "RGBA" and image.getchannel("A").getextrema()[0] < 255  # type: ignore[operator]
    image = image if transparent else image.convert("RGB")
    image = image.resize(fit(*image.size, FULL_SIDE), Image.Resampling.LANCZOS)
    thumb = image.resize(fit(*image.size, THUMB_SIDE), Image.Resampling.LANCZOS)
    return Picture(
        full=_encode(image, transparent),
        thumb=_encode(thumb, transparent),
        media_type="image/png" if transparent else "image/jpeg",
        extension="png" if transparent else "jpg",
        width=image.width,
        height=image.height,
    )


def _in_srgb(image: Image.Image) -> Image.Image:
    """The first frame in the colours screens expect, with or without transparency, and nothing besides."""
    profile = image.info.get("icc_profile")
    alpha = "A" in image.getbands() or "transparency" in image.info
    if profile and image.mode in ("RGB", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
            return converted or image.convert("RGB")
        except ImageCms.PyCMSError:
            logger.info("unusable colour profile left out")
    return image.convert("RGBA" if alpha else "RGB")


def _encode(image: Image.Image, transparent: bool) -> bytes:
    target = io.BytesIO()
    clean = Image.new(image.mode, image.size)  # a new image carries none of the old one's metadata
    clean.paste(image)
    if transparent:
        clean.save(target, "PNG", optimize=True)
    else:
        clean.save(target, "JPEG", quality=84, optimize=True, progressive=True)
    return target.getvalue()


def check_document(data: bytes, name: str) -> str:
    """The extension of what a document really is. Raises Invalid when it is no kind we take or lies about it."""
    claimed = extension_of(name)
    found = "pdf" if _is_pdf(data) else _office_kind(data)
    if found is None or (claimed and claimed not in DOCUMENT_TYPES):
        raise Invalid(_("Only PDF, ODT, ODS, DOCX and XLSX documents can be uploaded here."))
    if claimed and claimed != found:
        raise Invalid(
            _("The file is called .%(claimed)s but its content is something else.", claimed=claimed)
        )
    return found


def _is_pdf(data: bytes) -> bool:
    if not data.startswith(b"%PDF-") or b"%%EOF" not in data[-2048:]:
        return False
    return any(match.extension == ".pdf" for match in puremagic.magic_string(data[:4096]))


def _office_kind(data: bytes) -> str | None:
    """Which office format a zip is, by its parts; None when it is none, damaged, or has macros or a bomb."""
    if not data.startswith(b"PK\x03\x04"):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            names = {entry.filename for entry in entries}
            if len(entries) > MAX_ZIP_ENTRIES or any(entry.flag_bits & 1 for entry in entries):
                return None
            if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
                raise Invalid(
                    _("The document unpacks to more than we can take. Save it as PDF and try again.")
                )
            if any(part.lower().endswith(("vbaproject.bin", ".exe", ".dll", ".js")) for part in names):
                raise Invalid(_("The document contains macros or programs. Save it without them, or as PDF."))
            if entries and entries[0].filename == "mimetype" and entries[0].file_size < 100:
                declared = package.read("mimetype").decode("ascii", "replace").strip()
                if "content.xml" not in names:
                    return None
                return next((kind for kind, media in DOCUMENT_TYPES.items() if media == declared), None)
            if "[Content_Types].xml" in names:
                if "word/document.xml" in names:
                    return "docx"
                if "xl/workbook.xml" in names:
                    return "xlsx"
    except Invalid:
        raise
    except (
        Exception
    ) as error:  # a crafted zip raises BadZipFile, struct.error, NotImplementedError, zlib.error…
        logger.info("unreadable document: %s", type(error).__name__)
    return None
