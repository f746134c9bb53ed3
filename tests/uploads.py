"""Uploads for tests of features that take files."""

import io

from PIL import Image
from werkzeug.datastructures import FileStorage


def image_bytes(size: tuple[int, int] = (60, 40)) -> bytes:
    """A small JPEG."""
    target = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(target, "JPEG")
    return target.getvalue()


def image_upload(name: str = "poza.jpg") -> FileStorage:
    """A small JPEG as a form sends it."""
    return FileStorage(io.BytesIO(image_bytes()), filename=name, content_type="image/jpeg")


def pdf_upload(name: str = "document.pdf") -> FileStorage:
    """The smallest file that is taken for a PDF."""
    data = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
    return FileStorage(io.BytesIO(data), filename=name, content_type="application/pdf")
