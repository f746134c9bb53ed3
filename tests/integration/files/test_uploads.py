"""What may be uploaded, what is left of it, and who may fetch it."""

import io
import struct
import zipfile
import zlib
from datetime import timedelta

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import delete, select
from werkzeug.datastructures import FileStorage

from civic.accounts.models import Account
from civic.actor import Actor
from civic.errors import Invalid
from civic.extensions import db
from civic.files import content, jobs, queries, rules, service
from civic.files.models import StoredFile
from civic.files.storage import get_storage
from civic.files.views import file_url
from civic.rounds.models import Round, RoundDocument
from tests import factories
from tests.pageclient import PageClient

NOON = factories.NOON
ORIENTATION, GPS, MAKE = 0x0112, 0x8825, 0x010F


def upload(data: bytes, name: str = "poza.jpg") -> FileStorage:
    return FileStorage(io.BytesIO(data), filename=name, content_type="image/jpeg")


def image_bytes(
    kind: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: object
) -> bytes:
    target = io.BytesIO()
    Image.new(mode, size, 90 if mode == "L" else (200, 30, 30, 120)[: len(mode)]).save(
        target, kind, **options
    )
    return target.getvalue()


def zip_bytes(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED)
    return target.getvalue()


ODT = {"mimetype": rules.DOCUMENT_TYPES["odt"].encode(), "content.xml": b"<a/>"}
DOCX = {"[Content_Types].xml": b"<a/>", "word/document.xml": b"<a/>"}
XLSX = {"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b"<a/>"}
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def png_claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is enormous."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
        + chunk(b"IEND", b"")
    )


@pytest.fixture
def owner(app: Flask) -> Account:
    return factories.make_account()


@pytest.fixture
def actor(owner: Account) -> Actor:
    return owner.as_actor()


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "a.jpg", "gol"),
        (b"<html><script>alert(1)</script>", "a.jpg", "Nu este o imagine"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "doar imagini"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.png", "Nu este o imagine"),
        (b"GIF89a" + b"\0" * 50, "a.png", "Nu este o imagine"),
        (image_bytes()[:200], "a.jpg", "Nu este o imagine"),
        (image_bytes(), "a.html", "doar imagini"),
        (image_bytes(), "a.php", "doar imagini"),
        (png_claiming(20_000, 20_000), "bomb.png", "40 de megapixeli"),
        (png_claiming(7_000, 6_000), "bomb.png", "40 de megapixeli"),
        (PDF, "a.jpg", "Nu este o imagine"),
        (b"\xff" * (rules.MAX_BYTES + 1), "a.jpg", "10 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "data",
)
def test_what_is_no_proper_image_is_refused(
    app: Flask, actor: Actor, data: bytes, name: str, sentence: str
) -> None:
    with app.test_request_context(), pytest.raises(Invalid, match=sentence):
        service.store_upload(upload(data, name), "image", actor, NOON)
    assert db.session.scalar(select(StoredFile)) is None


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "a.pdf", "gol"),
        (b"<html>%PDF-1.4 %%EOF", "a.pdf", "doar documente"),
        (b"%PDF-1.4 without an end", "a.pdf", "doar documente"),
        (PDF, "a.docx", "se termină în .docx"),
        (PDF, "a.html", "doar documente"),
        (zip_bytes(ODT), "a.docx", "se termină în .docx"),
        (zip_bytes({"index.html": b"<script>"}), "a.docx", "doar documente"),
        (zip_bytes({"mimetype": b"text/html", "content.xml": b""}), "a.odt", "doar documente"),
        (b"<script>" + zip_bytes(DOCX), "a.docx", "doar documente"),
        (zip_bytes(DOCX)[:60], "a.docx", "doar documente"),
        (zip_bytes({**DOCX, "word/vbaProject.bin": b"x"}), "a.docx", "macrocomenzi"),
        (image_bytes(), "a.pdf", "doar documente"),
        (b"#!/bin/sh\n", "a.pdf", "doar documente"),
    ],
    ids=lambda value: value if isinstance(value, str) else "data",
)
def test_what_is_no_proper_document_is_refused(
    app: Flask, actor: Actor, data: bytes, name: str, sentence: str
) -> None:
    with app.test_request_context(), pytest.raises(Invalid, match=sentence):
        service.store_upload(upload(data, name), "document", actor, NOON)


def test_a_zip_bomb_is_refused(app: Flask, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "MAX_UNPACKED_BYTES", 50_000)
    bomb = zip_bytes({**DOCX, "word/media.bin": b"\0" * 100_000})
    with app.test_request_context(), pytest.raises(Invalid, match="despachetat"):
        service.store_upload(upload(bomb, "a.docx"), "document", actor, NOON)


def test_an_image_keeps_nothing_but_the_picture(app: Flask, actor: Actor) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[MAKE] = "SecretPhone"
    exif.get_ifd(GPS)[1] = "N"
    data = (
        image_bytes(size=(3000, 1000), exif=exif, comment=b"my home address") + b"<script>polyglot</script>"
    )
    assert b"SecretPhone" in data
    stored = service.store_upload(upload(data, "IMG 1.JPG"), "image", actor, NOON, alt="  Parcul \n  nou ")
    with get_storage().open(stored.key) as stream:
        kept = stream.read()
    for secret in (b"SecretPhone", b"my home address", b"polyglot", b"Exif", b"GPS"):
        assert secret not in kept
    image = Image.open(io.BytesIO(kept))
    assert image.size == (667, 2000) == (stored.width, stored.height)  # turned upright, scaled down
    assert not image.getexif()
    with get_storage().open(stored.key + service.THUMB) as stream:
        assert Image.open(stream).size == (213, 640)
    assert (stored.name, stored.media_type, stored.alt) == ("IMG 1.jpg", "image/jpeg", "Parcul nou")
    assert (stored.size, stored.public, stored.account_id) == (len(kept), False, actor.id)


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (image_bytes("PNG"), "image/jpeg"),
        (image_bytes("PNG", mode="RGBA"), "image/png"),
        (image_bytes("WEBP"), "image/jpeg"),
        (image_bytes("JPEG", mode="L"), "image/jpeg"),
        (image_bytes("JPEG", size=(1, 1)), "image/jpeg"),
        (image_bytes("JPEG", mode="CMYK"), "image/jpeg"),
    ],
)
def test_every_kind_of_image_is_kept(app: Flask, actor: Actor, data: bytes, media_type: str) -> None:
    stored = service.store_upload(upload(data, "fără extensie"), "image", actor, NOON)
    assert stored.media_type == media_type


@pytest.mark.parametrize(
    ("data", "kind"),
    [(PDF, "pdf"), (zip_bytes(ODT), "odt"), (zip_bytes(DOCX), "docx"), (zip_bytes(XLSX), "xlsx")],
)
def test_every_kind_of_document_is_kept_as_it_is(app: Flask, actor: Actor, data: bytes, kind: str) -> None:
    stored = service.store_upload(upload(data, f"Caiet de sarcini.{kind.upper()}"), "document", actor, NOON)
    assert (stored.name, stored.media_type) == (f"Caiet de sarcini.{kind}", rules.DOCUMENT_TYPES[kind])
    with get_storage().open(stored.key) as stream:
        assert stream.read() == data


def test_one_person_cannot_fill_the_disk(app: Flask, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MAX_UPLOADS_A_DAY", 2)
    for _ in range(2):
        service.store_upload(upload(PDF, "a.pdf"), "document", actor, NOON)
    with app.test_request_context(), pytest.raises(Invalid, match="multe fișiere azi"):
        service.store_upload(upload(PDF, "a.pdf"), "document", actor, NOON + timedelta(hours=23))
    service.store_upload(upload(PDF, "a.pdf"), "document", actor, NOON + timedelta(hours=25))


def stored_image(actor: Actor) -> StoredFile:
    stored = service.store_upload(upload(image_bytes()), "image", actor, NOON)
    db.session.commit()
    return stored


def url(app: Flask, stored: StoredFile, variant: str = "full") -> str:
    with app.test_request_context():
        return file_url(stored, variant)


def test_a_private_file_is_its_owners_and_the_city_halls(
    app: Flask, client: PageClient, owner: Account, actor: Actor
) -> None:
    stored = stored_image(actor)
    address = url(app, stored)
    page = client.get(address, expect=403)
    assert "Fișierul nu este public" in page.html
    client.sign_in(factories.make_account())
    client.get(address, expect=403)
    for reader in (owner, factories.make_account("moderator"), factories.make_account("auditor")):
        client.sign_in(reader)
        response = client.browser.get(address)
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "no-store"
    client.sign_out()
    service.make_public([stored.id])
    db.session.commit()
    assert client.browser.get(address).status_code == 200
    service.make_private([stored.id])
    db.session.commit()
    assert client.browser.get(address).status_code == 403


def test_a_public_image_is_served_harmless_and_cacheable(
    app: Flask, client: PageClient, actor: Actor
) -> None:
    stored = stored_image(actor)
    service.make_public([stored.id])
    db.session.commit()
    for variant in ("full", "thumb"):
        response = client.browser.get(url(app, stored, variant))
        assert response.mimetype == "image/jpeg"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response.headers["Content-Security-Policy"]
        assert response.headers["Content-Disposition"].startswith("inline")
        assert response.headers["Cache-Control"] == "public, max-age=300, must-revalidate"
        again = client.browser.get(
            url(app, stored, variant), headers={"If-None-Match": response.headers["ETag"]}
        )
        assert (again.status_code, again.data) == (304, b"")
        assert client.browser.head(url(app, stored, variant)).status_code == 200
    assert client.browser.get(f"/files/{stored.id}/other").status_code == 404
    assert client.browser.get("/files/999999/full").status_code == 404


def test_a_document_is_saved_not_shown(app: Flask, client: PageClient, actor: Actor) -> None:
    stored = service.store_upload(upload(PDF, "Plan Ștefan.pdf"), "document", actor, NOON)
    service.make_public([stored.id])
    db.session.commit()
    response = client.browser.get(url(app, stored))
    assert response.data == PDF
    expected = "attachment; filename*=UTF-8''Plan%20%C8%98tefan.pdf"
    assert response.headers["Content-Disposition"] == expected


def test_lost_bytes_are_a_missing_page(app: Flask, client: PageClient, owner: Account, actor: Actor) -> None:
    stored = stored_image(actor)
    get_storage().delete(stored.key)
    client.sign_in(owner)
    client.get(url(app, stored), expect=404)


def test_what_nothing_refers_to_is_forgotten_after_a_day(app: Flask, actor: Actor) -> None:
    used, unused = stored_image(actor), stored_image(actor)
    edition = factories.save(Round(slug="r", name="R", created_at=NOON, counting_rule={}))
    factories.save(
        RoundDocument(round_id=edition.id, kind="minutes", title="Minută", file_id=used.id, added_at=NOON)
    )
    unused_id, key = unused.id, unused.key
    jobs.delete_orphans(NOON + timedelta(hours=23))
    assert queries.list_files([used.id, unused_id]).keys() == {used.id, unused_id}
    assert jobs.delete_orphans(NOON + timedelta(hours=25)) >= 1
    assert queries.list_files([used.id, unused_id]).keys() == {used.id}
    assert not get_storage().exists(key)
    assert not get_storage().exists(key + service.THUMB)
    assert get_storage().exists(used.key)
    assert jobs.delete_orphans(NOON + timedelta(hours=25)) == 0


def test_bytes_of_a_request_that_failed_are_swept(app: Flask, actor: Actor) -> None:
    from civic import clock

    stored = stored_image(actor)
    key = stored.key
    db.session.execute(delete(StoredFile).where(StoredFile.id == stored.id))
    db.session.commit()
    jobs.delete_orphans(clock.now() + timedelta(hours=1))
    assert get_storage().exists(key)
    jobs.delete_orphans(clock.now() + timedelta(days=2))
    assert not get_storage().exists(key)
