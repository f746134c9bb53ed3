"""In a debate somebody speaks in their own name, or proves that they speak for an organisation, or for the city hall."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from civic.extensions import db
from consultations.agora.arguing.models import AgoraPost
from consultations.agora.models import AgoraDebate
from tests.factories import make_account, make_department, make_resident
from tests.integration.consultations.agorakit import make_debate, make_participant, make_post
from tests.integration.organisations.orgkit import join, suspended, verified
from tests.pageclient import Page, PageClient


@pytest.fixture
def debate(app: Any) -> AgoraDebate:
    return make_debate("open")


def argue(client: PageClient, debate: AgoraDebate, expect: int = 303, **changes: str) -> Page:
    form = {
        "side": "for",
        "body": "Membrii noștri merg pe jos.",
        "source": "",
        "form_key": "k",
        "confirmed": "1",
    }
    return client.post("arguing.argue", {**form, **changes}, debate_id=debate.id, expect=expect)


def test_a_representative_chooses_to_speak_for_their_organisation(
    client: PageClient, debate: AgoraDebate
) -> None:
    organisation = verified()
    client.sign_in(join(organisation))
    assert "in_name" in client.get("arguing.argue", debate_id=debate.id).form("/argue")
    argue(client, debate, in_name=str(organisation.id))
    argue(client, debate, form_key="k2", body="Eu merg cu autobuzul.")
    client.sign_out()
    spoken, own = db.session.scalars(select(AgoraPost).order_by(AgoraPost.id)).all()
    spoken.state = own.state = "visible"
    db.session.commit()
    page = client.get("agora.show", debate_id=debate.id)
    assert organisation.name in page.text_of(f"#post-{spoken.id}")
    assert "Verificată de primărie" in page.text_of(f"#post-{spoken.id}")
    assert organisation.name not in page.text_of(f"#post-{own.id}")


def test_nobody_speaks_for_an_organisation_that_is_not_theirs_or_was_suspended(
    client: PageClient, debate: AgoraDebate
) -> None:
    others, off = verified(), suspended()
    client.sign_in(make_resident())
    assert "in_name" not in client.get("arguing.argue", debate_id=debate.id).form("/argue")
    argue(client, debate, in_name=str(others.id))
    assert db.session.scalars(select(AgoraPost.organisation_id)).all() == [None]
    client.sign_in(join(verified()))
    argue(client, debate, 422, in_name=str(others.id))
    argue(client, debate, 422, in_name=str(off.id))


def test_a_pseudonym_and_an_organisation_do_not_go_together(client: PageClient, debate: AgoraDebate) -> None:
    organisation = verified()
    speaker = join(organisation)
    client.sign_in(speaker)
    page = argue(client, debate, 422, in_name=str(organisation.id), pseudonym="Vecina")
    assert "sub pseudonim" in page.main_text
    assert page.form("/argue")["pseudonym"] == "Vecina"
    argue(client, debate, pseudonym="Vecina")
    assert "in_name" not in client.get("arguing.argue", debate_id=debate.id).form("/argue")


def test_an_official_speaks_for_the_city_hall_alone(client: PageClient, debate: AgoraDebate) -> None:
    department = make_department()
    client.sign_in(make_account("evaluator", department=department))
    assert "in_name" not in client.get("arguing.argue", debate_id=debate.id).form("/argue")
    post = make_post(debate, participant=make_participant(debate))
    post.organisation_id, post.function, post.department_id = verified().id, "Inginer", department.id
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_the_page_costs_the_same_whoever_speaks(
    client: PageClient, debate: AgoraDebate, statements: list[str]
) -> None:
    author = make_participant(debate)

    def cost() -> int:
        client.get("agora.show", debate_id=debate.id)
        statements.clear()
        client.get("agora.show", debate_id=debate.id)
        return len(statements)

    make_post(debate, participant=author, organisation_id=verified().id)
    few = cost()
    for _each in range(4):
        make_post(debate, participant=author, organisation_id=verified().id)
    assert cost() == few
