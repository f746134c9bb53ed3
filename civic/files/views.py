"""Fetching a stored file, and the address at which it is fetched."""

import logging
from collections.abc import Iterator
from typing import IO
from urllib.parse import quote

from flask import Blueprint, Response, g, request, url_for

from civic.errors import NotFound
from civic.files import policy, queries, service
from civic.files.models import StoredFile
from civic.files.storage import CHUNK, MissingFile, get_storage
from civic.policy import enforce, public

blueprint = Blueprint("files", __name__, url_prefix="/files")
logger = logging.getLogger(__name__)

#: Whatever somebody got past our checks, a browser runs nothing of it.
SANDBOX = "default-src 'none'; sandbox"
#: How long a copy of a public file is used without asking. A moderator may hide its subject at any time;
#: after these minutes every browser and cache asks again, and an unchanged file costs an empty 304.
KEEP_SECONDS = 300


def file_url(stored: StoredFile, variant: str = "full") -> str:
    """The address of a file. For an image `variant` is "full" or "thumb"; a document's ends in its name."""
    name = variant if stored.is_image else stored.name
    return url_for("files.show", file_id=stored.id, name=name)


def pour(source: IO[bytes]) -> Iterator[bytes]:
    """The bytes of a stored file, a piece at a time."""
    with source:
        while chunk := source.read(CHUNK):
            yield chunk


def hand_out(key: str, media_type: str, size: int, name: str) -> Response:
    """The bytes of a file that belongs to a feature, to be saved under a name of ours; never kept by a cache."""
    try:
        source = get_storage().open(key)
    except MissingFile as error:
        raise NotFound from error
    response = Response(pour(source), mimetype=media_type, direct_passthrough=True)
    response.call_on_close(source.close)
    response.content_length = size
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/<int:file_id>/<name>")
@public
def show(file_id: int, name: str) -> Response:
    """The bytes: images shown in place, documents saved. Never interpreted as anything else."""
    stored = queries.get_file(file_id)
    enforce(policy.can_read(g.actor, stored))
    if name not in (("full", "thumb") if stored.is_image else (stored.name,)):
        raise NotFound
    thumb = stored.is_image and name == "thumb"
    etag = f"{stored.sha256.hex()[:32]}{'-thumb' if thumb else ''}"
    if etag in request.if_none_match:
        response = Response(status=304)
    else:
        try:
            source = get_storage().open(stored.key + service.THUMB if thumb else stored.key)
            response = Response(pour(source), mimetype=stored.media_type, direct_passthrough=True)
            response.call_on_close(source.close)
        except MissingFile as error:
            logger.error("stored file %d has no bytes", file_id)
            raise NotFound from error
        if not thumb:
            response.content_length = stored.size
    response.set_etag(etag)
    headers = response.headers
    disposition = "inline" if stored.is_image else "attachment"
    headers["Content-Disposition"] = f"{disposition}; filename*=UTF-8''{quote(stored.name, safe='')}"
    headers["Cache-Control"] = (
        f"public, max-age={KEEP_SECONDS}, must-revalidate" if stored.public else "no-store"
    )
    headers["Content-Security-Policy"] = SANDBOX
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
