"""Citizens' drafts with something private in each: one being written, one being checked, signatures, a paper list."""

from typing import Any

from civic import clock, sealing
from civic.accounts.models import Account
from civic.files import service as files
from consultations.initiatives import paper_lines
from consultations.initiatives.models import PaperLine, PaperSheet
from tests.factories import save
from tests.integration.consultations.initiativekit import make_initiative, make_signature
from tests.integration.proposals.makers import actor_of
from tests.uploads import pdf_upload


def _sealed(secret: str) -> bytes:
    return sealing.seal(paper_lines.SEAL, {"name": secret, "address": secret, "document": "RK 1"})


def initiatives(owner: Account, staff: Account, secret: str) -> dict[str, Any]:
    """Everything, by name."""
    texts = {"title": secret, "text": secret, "reasons": secret, "initiators": secret}
    running, deposited = make_initiative(), make_initiative("deposited")
    stored = files.store_upload(pdf_upload("lista.pdf"), "document", actor_of(staff), clock.now())
    # Uploaded by somebody who has left: nobody opens it by its own address.
    stored.account_id = None
    sheet = save(
        PaperSheet(
            initiative_id=running.id, number=1, valid=3, struck=0, file_id=stored.id, entered_at=clock.now()
        )
    )
    return {
        "initiative_draft": make_initiative("draft", owner, **texts).id,
        "initiative_sent": make_initiative("submitted", owner, **texts).id,
        "initiative": running.id,
        "initiative_deposited": deposited.id,
        "signature": make_signature(deposited, name=secret, address=secret).id,
        "sheet": sheet.id,
        "paper_line": save(PaperLine(sheet_id=sheet.id, place=1, sealed=_sealed(secret))).id,
        "sheet_file": stored.id,
        "sheet_name": stored.name,
    }
