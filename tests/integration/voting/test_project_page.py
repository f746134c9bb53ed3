"""A project's page, its picture, and the frozen plan that pages of a round do not carry along."""

import pytest
from sqlalchemy.exc import IntegrityError

from civic import clock, timeline
from civic.extensions import db
from civic.files.models import StoredFile
from civic.rounds.models import Round
from tests.factories import save
from tests.integration.voting.votingkit import make_round
from tests.pageclient import PageClient
from voting import project_queries
from voting.models import Project

FINGERPRINT = "0123456789abcdef" * 4


def picture(alt: str) -> StoredFile:
    return save(
        StoredFile(
            key=f"poza-{alt or 'fara'}", name="poza.jpg", media_type="image/jpeg", size=1, sha256=b"\x01" * 32,
            width=10, height=10, alt=alt, created_at=clock.now(), public=True,
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    ("alt", "language", "told"),
    [
        ("Parcul vara", "ro", "Parcul vara"),
        ("", "ro", "Imaginea proiectului"),
        ("", "en", "Picture of the project"),
    ],
)
def test_the_picture_is_described(client: PageClient, alt: str, language: str, told: str) -> None:
    client.speak(language)
    round_ = make_round(groups=[{"name": "Grupa A", "ballot_kind": "approval", "max_choices": 2}])
    project = project_queries.list_projects(round_.id)[0]
    project.image_id = picture(alt).id
    db.session.commit()
    page = client.get("voting.project", slug=round_.slug, code=project.code)
    assert [image.get("alt") for image in page.all("img") if "/files/" in (image.get("src") or "")] == [told]


def test_a_project_comes_from_a_proposal_that_exists(client: PageClient) -> None:
    round_ = make_round()
    with pytest.raises(IntegrityError, match="fk_project_proposal_id_proposal"), db.session.begin_nested():
        db.session.execute(
            db.update(Project)
            .where(Project.round_id == round_.id, Project.code == "P1")
            .values(proposal_id=999_999)
        )


def test_lists_of_rounds_leave_the_frozen_plan_where_it_is(client: PageClient, statements: list[str]) -> None:
    round_ = make_round()
    slug, round_id = round_.slug, round_.id
    db.session.expunge_all()
    statements.clear()
    client.get("rounds.index")
    client.get("rounds.show", slug=slug)
    assert any("FROM round" in one for one in statements)
    assert not [one for one in statements if "round.frozen," in one or "round.frozen \n" in one]
    assert "frozen" not in vars(db.session.get(Round, round_id))


def test_the_timeline_shows_the_beginning_of_a_fingerprint_and_the_whole_on_request(
    client: PageClient,
) -> None:
    round_ = make_round()
    frozen = {"fingerprint": timeline.fingerprint_of(FINGERPRINT)}
    timeline.add("round", round_.id, "vote.frozen", clock.now(), role="system", data=frozen)
    db.session.commit()
    [event] = timeline.list_events("round", round_.id)
    with client.app.test_request_context():
        assert f"{FINGERPRINT[:12]}…" in event.sentence
        assert FINGERPRINT not in event.sentence
    page = client.get("rounds.show", slug=round_.slug)
    assert FINGERPRINT in page.text_of(".fingerprint")
