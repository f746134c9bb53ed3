"""A brigade of new accounts moves no ranking while it is new; what anyone says is kept, and counted when they are known."""

from datetime import timedelta
from typing import Any

from sqlalchemy import insert

from civic import clock
from civic.accounts.models import Account
from civic.actor import Actor
from civic.extensions import db
from civic.format import moment
from civic.moderation.gate import queries as gate
from civic.moderation.gate import rules, service
from civic.moderation.gate.models import GateText
from civic.moderation.models import ModerationCase
from civic.tasks import Task
from consultations.agora.arguing import jobs as judging
from consultations.agora.arguing import queries as arguing
from consultations.agora.arguing import service as arguments
from consultations.agora.arguing.queries import Narrowed
from consultations.agora.models import AgoraDebate
from consultations.agora.statements import queries as statements
from consultations.agora.statements import service as voting
from consultations.agora.statements.jobs import compute, enqueue_due
from consultations.drafting import jobs as sides
from consultations.drafting import service as drafting
from tests.factories import make_account, make_person, make_resident, save, test_password_hash
from tests.integration.consultations.agorakit import (
    make_debate,
    make_judges,
    make_post,
    make_statement,
    make_votes,
)
from tests.integration.consultations.drafting.draftkit import open_consultation, publish, remark
from tests.pageclient import PageClient

BRIGADE = 200


def recruit(number: int) -> list[Actor]:
    """So many accounts made just now, their addresses confirmed."""
    now = clock.now()
    rows = [
        {
            "email": f"nou{each}@brigada.example", "password_hash": test_password_hash(), "display_name": f"Nou {each}",
            "created_at": now, "email_confirmed_at": now, "session_epoch": 0, "locale": "ro",
        }
        for each in range(number)
    ]  # fmt: skip
    ids = db.session.scalars(insert(Account).returning(Account.id), rows).all()
    db.session.commit()
    return [Actor(id=one, display_name=f"Nou {one}", email_confirmed=True) for one in ids]


def order_of(debate: AgoraDebate) -> list[int]:
    threads, _total = arguing.list_arguments(debate.id, None, Narrowed(), arguing.basis_of(debate.id), 1)
    return [one.post.id for one in threads]


def counts_of(post: Any) -> list[int]:
    db.session.refresh(post)
    return [post.for_yes, post.for_seen, post.other_yes, post.other_seen, post.against_yes, post.against_seen]


def test_two_hundred_new_accounts_judging_one_way_move_no_argument(client: PageClient) -> None:
    debate = make_debate()
    posts = [make_post(debate, body=f"Argumentul {word}") for word in ("unu", "doi", "trei", "patru")]
    for post, convinced in zip(posts, (9, 7, 5, 3), strict=True):
        for stance in (1, 0, -1):
            make_judges(debate, stance, convinced, post)
            make_judges(debate, stance, 10 - convinced, post, value=-1)
    order, counts = order_of(debate), [counts_of(post) for post in posts]
    stances = arguing.count_stances(debate.id, clock.now())
    for actor in recruit(BRIGADE):
        arguments.say_stance(actor, debate.id, -1, clock.now())
        arguments.judge(actor, posts[3].id, 1, clock.now())
        arguments.judge(actor, posts[0].id, -1, clock.now())
    db.session.commit()
    assert order_of(debate) == order
    assert [counts_of(post) for post in posts] == counts
    assert arguing.count_stances(debate.id, clock.now()) == stances
    judging.count_waiting(clock.now() + timedelta(hours=23))
    assert [counts_of(post) for post in posts] == counts
    later = clock.now() + timedelta(hours=25)
    assert judging.count_waiting(later) == 2 * BRIGADE
    assert counts_of(posts[3])[5] == counts[3][5] + BRIGADE
    assert arguing.count_stances(debate.id, later)[-1] == stances[-1] + BRIGADE


def test_two_hundred_new_accounts_voting_one_way_are_in_no_group(client: PageClient) -> None:
    debate = make_debate(with_statements=True)
    made = [make_statement(debate, f"Afirmația numărul {number}") for number in range(8)]
    make_votes(debate, made, 30)
    now = clock.now()
    before = statements.list_votes(debate.id, now)
    for actor in recruit(BRIGADE):
        for one in made[:2]:
            voting.vote(actor, one.id, -1, now)
    db.session.commit()
    assert statements.list_votes(debate.id, now + timedelta(hours=23)) == before
    after = statements.list_votes(debate.id, now + timedelta(hours=25))
    assert len(after) == len(before) + 2 * BRIGADE


def test_opinions_are_computed_again_when_the_votes_of_new_accounts_begin_to_count(
    client: PageClient,
) -> None:
    debate = make_debate(with_statements=True)
    made = [make_statement(debate, f"Afirmația numărul {number}") for number in range(2)]
    actor = recruit(1)[0]
    voting.vote(actor, made[0].id, 1, clock.now())
    db.session.commit()
    assert enqueue_due(clock.now()) == 1
    compute({"debate": debate.id}, lambda _done, _of: None)
    db.session.query(Task).delete()
    db.session.commit()
    clock.travel(timedelta(hours=12))
    assert enqueue_due(clock.now()) == 0
    clock.travel(timedelta(hours=25))
    assert enqueue_due(clock.now()) == 1


def test_three_published_texts_or_a_verification_end_the_quarantine_sooner(client: PageClient) -> None:
    debate = make_debate()
    post = make_post(debate)
    known, approved, closed = recruit(3)
    for actor in (known, approved, closed):
        arguments.judge(actor, post.id, 1, clock.now())
    assert judging.count_waiting(clock.now()) == 0
    db.session.get_one(Account, known.id).person_id = make_person().id
    for number in range(rules.APPROVED_ENOUGH):
        text = {
            "space": "comments",
            "subject_kind": "comment",
            "subject_id": 10_000 + number,
            "account_id": approved.id,
        }
        save(GateText(**text, trust="new", held_for="newcomer", at=clock.now(), sketch=[], keys=[], links=[]))
        save(ModerationCase(
            subject_kind="comment", subject_id=10_000 + number, why="new", opened_at=clock.now(), due_at=clock.now(),
            decision="publish", decided_at=clock.now(), decided_by_id=make_account("moderator").id,
        ))  # fmt: skip
    assert judging.count_waiting(clock.now()) == 2
    db.session.get_one(Account, closed.id).disabled_at = clock.now()
    db.session.commit()
    assert judging.count_waiting(clock.now() + timedelta(days=3)) == 0


def test_who_is_new_reads_from_when_on_their_judgement_counts(client: PageClient) -> None:
    debate = make_debate()
    make_post(debate)
    account = make_account(created_at=clock.now())
    client.sign_in(account)
    page = client.get("agora.show", debate_id=debate.id)
    until = service.counts_from(account.as_actor(), clock.now())
    assert until is not None
    with client.app.test_request_context():
        assert f"se numără începând cu {moment(until)}" in page.main_text
    client.sign_in(make_account())
    assert "se numără începând cu" not in client.get("agora.show", debate_id=debate.id).main_text


def test_remarks_are_ordered_by_those_who_are_known(client: PageClient) -> None:
    one = open_consultation()
    publish(one)
    made = remark(one, author=make_resident())
    for actor in recruit(20):
        drafting.take_side(actor, made.id, -1, clock.now())
    drafting.take_side(make_account().as_actor(), made.id, 1, clock.now())
    db.session.commit()
    db.session.refresh(made)
    assert (made.agree, made.disagree) == (1, 0)
    sides.count_waiting(clock.now() + timedelta(hours=25))
    db.session.refresh(made)
    assert (made.agree, made.disagree) == (1, 20)


def test_the_age_of_an_account_is_all_that_is_asked_of_one_no_longer_new(client: PageClient) -> None:
    now = clock.now()
    assert service.counts_from(make_account().as_actor(), now) is None
    assert service.counts_from(make_resident().as_actor(), now) is None
    assert service.counts_from(make_account("moderator", created_at=now).as_actor(), now) is None
    assert gate.find_age(make_account().as_actor(), now).approved == 0
