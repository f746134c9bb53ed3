"""Moderators put a debate in order without hiding anything: each act is public, reasoned, and gives back what it changed."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from civic import clock
from civic.accounts.models import Account
from civic.audit import AuditRecord
from civic.errors import Conflict, DomainError, NotAllowed
from civic.extensions import db
from civic.moderation.rules import Decision
from civic.moderation.subjects import Verdict
from civic.outbox import OutboxMessage
from civic.unit_of_work import unit_of_work
from consultations.agora import jobs as agora_jobs
from consultations.agora import written
from consultations.agora.arguing import jobs
from consultations.agora.arguing import service as arguing
from consultations.agora.arguing.models import AgoraJudgement, AgoraPost
from consultations.agora.arguing.moderated import SORT
from consultations.agora.models import AgoraDebate
from consultations.agora.tending import service
from consultations.agora.tending.models import AgoraAct
from tests.factories import make_account, make_resident, save
from tests.integration.consultations.agorakit import make_debate, make_judges, make_participant, make_post
from tests.pageclient import Page, PageClient

COUNTS = ("for_yes", "for_seen", "against_yes", "against_seen", "other_yes", "other_seen", "unknown")
WHY = "Spun același lucru."


@pytest.fixture
def debate(app: Any) -> AgoraDebate:
    return make_debate("open")


@pytest.fixture
def moderator(client: PageClient) -> Account:
    account = make_account("moderator")
    client.sign_in(account)
    return account


def counts(post: AgoraPost) -> dict[str, int]:
    db.session.expire_all()
    return {name: getattr(post, name) for name in COUNTS if getattr(post, name)}


def tend(client: PageClient, post: AgoraPost, what: str, expect: int = 303, **fields: str) -> Page:
    form = {f"{what}-{name}": value for name, value in {"reason": WHY, **fields}.items()}
    return client.post("tending.tend_now", form, post_id=post.id, what=what, expect=expect)


def last_act() -> AgoraAct:
    return db.session.scalars(select(AgoraAct).order_by(AgoraAct.id.desc())).first()


def undo(client: PageClient, act: AgoraAct | None = None, expect: int = 303) -> Page:
    number = (act or last_act()).id
    return client.post("tending.undo", {"reason": "Am greșit."}, act_id=number, expect=expect)


def judge(debate: AgoraDebate, post: AgoraPost, account: Account, value: int) -> None:
    arguing.judge(account.as_actor(), post.id, value, clock.now())
    db.session.commit()


# --- merging ---------------------------------------------------------------------------------------------


def test_merged_arguments_keep_each_persons_judgement_once(
    client: PageClient, moderator: Account, debate: AgoraDebate
) -> None:
    copy, kept = make_post(debate, body="Copiii pe biciclete"), make_post(debate, body="Loc pentru biciclete")
    both, one, author = make_resident(), make_resident(), make_resident()
    kept.participant_id = make_participant(debate, author).id
    db.session.commit()
    for post, person, value in ((copy, both, 1), (kept, both, -1), (copy, one, 1), (copy, author, 1)):
        judge(debate, post, person, value)
    answer = make_post(debate, "reply", parent_id=copy.id, parent_kind="argument", body="Așa este.")
    before = counts(copy), counts(kept)
    tend(client, copy, "merge", into_id=str(kept.id))
    assert counts(kept) == {"other_yes": 1, "other_seen": 2}, "nobody twice, and no author for their own"
    assert db.session.get_one(AgoraPost, answer.id).parent_id == kept.id
    page = client.get("agora.show", debate_id=debate.id)
    assert page.find(f"li#post-{copy.id}") is None, "it has no place of its own any more"
    assert page.find(f"li#post-{kept.id}") is not None
    assert "Copiii pe biciclete" in page.text_of(f"#post-{kept.id}")
    assert "Un argument care spune același lucru a fost comasat" in page.text_of(f"#post-{kept.id}")
    led = client.get("arguing.post", post_id=copy.id, expect=302)
    assert led.headers["Location"].endswith(f"/agora/posts/{kept.id}")
    undo(client)
    assert (counts(copy), counts(kept)) == before
    assert db.session.get_one(AgoraPost, answer.id).parent_id == copy.id
    assert "Copiii pe biciclete" in client.get("arguing.post", post_id=copy.id).main_text


def test_what_people_say_after_a_merge_stays_when_it_is_undone(
    client: PageClient, moderator: Account, debate: AgoraDebate
) -> None:
    copy, kept, person = make_post(debate, body="Unu"), make_post(debate, body="Doi"), make_resident()
    judge(debate, copy, person, 1)
    tend(client, copy, "merge", into_id=str(kept.id))
    judge(debate, kept, person, -1)
    arguing.say_stance(person.as_actor(), debate.id, 1, clock.now())
    later = make_post(debate, "reply", parent_id=kept.id, parent_kind="argument", body="Mai târziu.")
    with pytest.raises(NotAllowed):
        judge(debate, copy, make_resident(), 1)
    undo(client)
    assert counts(copy) == {"for_yes": 1, "for_seen": 1}
    assert counts(kept) == {"for_seen": 1}
    assert db.session.get_one(AgoraPost, later.id).parent_id == kept.id


def test_a_judgement_that_waited_is_counted_where_it_was_carried(
    client: PageClient, moderator: Account, debate: AgoraDebate
) -> None:
    copy, kept, account, now = make_post(debate), make_post(debate, body="Doi"), make_account(), clock.now()
    account.created_at = now
    db.session.commit()
    judge(debate, copy, account, 1)
    tend(client, copy, "merge", into_id=str(kept.id))
    assert counts(kept) == {}
    jobs.count_waiting(now + timedelta(hours=25))
    assert counts(kept) == counts(copy) == {"other_yes": 1, "other_seen": 1}
    undo(client)
    assert (counts(copy), counts(kept)) == ({"other_yes": 1, "other_seen": 1}, {})


def test_what_cannot_be_merged_is_refused_with_a_sentence(
    client: PageClient, moderator: Account, debate: AgoraDebate
) -> None:
    post, other = make_post(debate, body="Unu"), make_post(debate, body="Doi", side="against")
    third, fourth = make_post(debate, body="Trei"), make_post(debate, body="Patru")
    page = tend(client, post, "merge", 422, into_id=str(other.id), reason="Pentru că da.")
    assert page.form("/merge")["merge-reason"] == "Pentru că da."
    with pytest.raises(DomainError, match="unul este pentru"):
        service.merge(moderator.as_actor(), post.id, other.id, WHY, clock.now())
    tend(client, post, "merge", 422, into_id=str(third.id), reason="")
    tend(client, post, "merge", into_id=str(third.id))
    refused = tend(client, third, "merge", 422, into_id=str(fourth.id))
    assert "comasează invers" in refused.main_text
    elsewhere = make_post(make_debate("open"), body="În altă dezbatere")
    tend(client, fourth, "merge", 422, into_id=str(elsewhere.id))
    own = make_post(debate, participant=make_participant(debate, moderator), body="Al meu")
    tend(client, own, "fold", 403)
    db.session.expire_all()
    with pytest.raises(IntegrityError):
        save(AgoraAct(
            debate_id=debate.id, kind="merge", post_id=post.id, into_id=fourth.id, account_id=moderator.id,
            reason=WHY, at=clock.now(),
        ))  # fmt: skip


def test_a_merge_and_a_judgement_at_once_lose_nothing(real_app: Flask) -> None:
    with real_app.app_context():
        debate = make_debate("open")
        copy, kept, third = (make_post(debate, body=body) for body in ("Unu", "Doi", "Trei"))
        judges = [make_resident().as_actor() for _each in range(6)]
        moderators = [make_account("moderator").as_actor() for _each in range(2)]
        numbers, now = (copy.id, kept.id, third.id), clock.now()
        db.session.remove()
    start, refused = Barrier(len(judges) + len(moderators)), []

    def run(command: Any) -> None:
        with real_app.app_context(), real_app.test_request_context():
            start.wait()
            try:
                with unit_of_work():
                    command()
            except DomainError as error:
                refused.append(error)

    commands = [
        lambda actor=actor: arguing.judge(actor, numbers[0], 1, now) for actor in judges
    ] + [
        lambda: service.merge(moderators[0], numbers[0], numbers[1], WHY, now),
        lambda: service.merge(moderators[1], numbers[0], numbers[2], WHY, now),
    ]  # fmt: skip
    threads = [Thread(target=run, args=(command,)) for command in commands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with real_app.app_context():
        copy = db.session.get_one(AgoraPost, numbers[0])
        kept = db.session.get_one(AgoraPost, copy.merged_into_id)
        assert db.session.scalar(select(func.count(AgoraAct.id))) == 1
        judged = db.session.scalar(
            select(func.count()).select_from(AgoraJudgement).where(AgoraJudgement.post_id == copy.id)
        )
        # Whoever was told that it counts is counted where it was merged; the others were told to judge there.
        assert judged == copy.other_seen == kept.other_seen
        assert judged == len(judges) - (len(refused) - 1)


# --- moving, splitting, folding --------------------------------------------------------------------------


def test_an_argument_is_moved_and_moved_back(
    client: PageClient, moderator: Account, debate: AgoraDebate
) -> None:
    position, post = (
        make_post(debate, "position", body="Numai vara"),
        make_post(debate, body="Ne pierde timpul"),
    )
    tend(client, post, "move", 422, side="for", position_id="")
    tend(client, post, "move", side="against", position_id=str(position.id))
    shown = client.get("agora.show", debate_id=debate.id, position=position.id, side="against")
    assert "Ne pierde timpul" in shown.text_of("#arguments")
    first = last_act()
    tend(client, post, "move", side="consider", position_id="")
    assert "mutat din nou" in undo(client, first, 409).main_text
    undo(client)
    undo(client, first)
    db.session.expire_all()
    assert (post.side, post.parent_id, post.parent_kind) == ("for", None, None)


def test_two_points_become_two_arguments_in_the_authors_words(
    client: PageClient, moderator: Account, debate: AgoraDebate
) -> None:
    whole = "Strada e periculoasă, iar magazinele pierd clienți."
    post = make_post(debate, body=whole)
    make_judges(debate, 1, 2, post)
    parts = {"first": "Strada e periculoasă.", "second": "Iar magazinele pierd clienți.", "side": "against"}
    page = tend(client, post, "split", 422, **{**parts, "second": "Magazinele mor."})
    assert "nu se adaugă și nu se scoate nimic" in page.main_text
    assert page.form("/split")["split-second"] == "Magazinele mor."
    tend(client, post, "split", **parts)
    second = db.session.scalars(select(AgoraPost).order_by(AgoraPost.id.desc())).first()
    assert (second.body, second.side, second.participant_id) == (
        parts["second"],
        "against",
        post.participant_id,
    )
    assert counts(post) == {"for_yes": 2, "for_seen": 2}
    assert counts(second) == {}
    answer = make_post(debate, "reply", parent_id=second.id, parent_kind="argument", body="Nu toate.")
    undo(client)
    db.session.expire_all()
    assert post.body == whole
    assert answer.parent_id == post.id
    shown = client.get("agora.show", debate_id=debate.id).text_of("#arguments")
    assert shown.count("magazinele") == 1
    assert (
        client.get("arguing.post", post_id=second.id, expect=302).headers["Location"].endswith(str(post.id))
    )


def test_personal_data_taken_out_of_a_part_are_kept_nowhere_of_what_was_split(
    client: PageClient, moderator: Account, debate: AgoraDebate
) -> None:
    whole = "Strada e periculoasă, iar magazinele pierd clienți, spune Ion Popescu."
    post = make_post(debate, body=whole)
    tend(client, post, "split", first="Strada e periculoasă.", second=whole[22:].capitalize(), side="for")
    first = last_act()
    rest = db.session.get_one(AgoraPost, first.into_id)
    tend(
        client, rest, "split", first="Iar magazinele pierd clienți.", second="Spune Ion Popescu.", side="for"
    )
    named = db.session.get_one(AgoraPost, last_act().into_id)
    verdict = Verdict(Decision.REDACT, reason="Un nume.")
    written.redact(SORT, moderator.as_actor(), named.id, {"body": "Spune [x]."}, verdict, clock.now())
    db.session.commit()
    rows = (
        "SELECT row_to_json(a)::text FROM agora_act a UNION ALL SELECT row_to_json(p)::text FROM agora_post p"
    )
    everywhere = db.session.scalars(text(rows)).all()
    assert not [row for row in everywhere if "popes" in row.lower()]
    undo(client)
    undo(client, first)
    db.session.expire_all()
    assert post.body == "Strada e periculoasă. Iar magazinele pierd clienți. Spune [x]."


def test_what_is_beside_the_question_is_folded_with_its_reason(
    client: PageClient, moderator: Account, debate: AgoraDebate
) -> None:
    post = make_post(debate, body="Dar gropile din Pantelimon?")
    tend(client, post, "fold", reason="Este despre altă stradă.")
    tend(client, post, "fold", 409, reason="Încă o dată.")
    part = client.get("agora.show", debate_id=debate.id).find(f"#post-{post.id} details")
    assert part is not None
    assert "Este despre altă stradă." in "".join(part.itertext())
    assert "Dar gropile" in "".join(part.itertext())
    undo(client)
    assert "Pe lângă subiect" not in client.get("agora.show", debate_id=debate.id).text_of("#arguments")


# --- the pace --------------------------------------------------------------------------------------------


def argue(client: PageClient, debate: AgoraDebate, body: str, expect: int = 303) -> Page:
    form = {"side": "for", "body": body, "source": "", "form_key": body, "confirmed": "1"}
    return client.post("arguing.argue", form, debate_id=debate.id, expect=expect)


def pace(client: PageClient, debate: AgoraDebate, what: str, expect: int = 303, **fields: str) -> Page:
    form = {f"{what}-{name}": value for name, value in {"reason": "S-au aprins spiritele.", **fields}.items()}
    return client.post("tending.set_pace", form, debate_id=debate.id, what=what, expect=expect)


def test_in_slow_mode_a_person_waits_between_two_texts(
    client: PageClient, moderator: Account, debate: AgoraDebate
) -> None:
    pace(client, debate, "slow", 422, minutes="7")
    pace(client, debate, "slow", minutes="15")
    pace(client, debate, "slow", 409, minutes="60")
    client.sign_in(make_resident())
    assert "fiecare așteaptă 15 minute" in client.get("agora.show", debate_id=debate.id).main_text
    argue(client, debate, "Primul argument.")
    page = argue(client, debate, "Al doilea.", 403)
    assert "Un moderator a încetinit dezbaterea" in page.main_text
    assert page.form("/argue")["body"] == "Al doilea."
    for post in db.session.scalars(select(AgoraPost)):
        post.created_at -= timedelta(minutes=16)
    db.session.commit()
    argue(client, debate, "Al doilea.")


def test_a_locked_debate_takes_no_texts_and_goes_on_judging(
    client: PageClient, moderator: Account, debate: AgoraDebate
) -> None:
    post = make_post(debate)
    pace(client, debate, "lock")
    pace(client, debate, "lock", 409)
    client.sign_in(make_resident())
    page = client.get("agora.show", debate_id=debate.id)
    assert "nu primește deocamdată texte noi. Motivare: S-au aprins spiritele." in page.main_text
    argue(client, debate, "Totuși.", 403)
    client.post("arguing.judge", {"value": "1"}, post_id=post.id)
    client.post("arguing.say_stance", {"value": "1"}, debate_id=debate.id)
    client.sign_in(moderator)
    undo(client)
    client.sign_in(make_resident())
    argue(client, debate, "Acum da.")


# --- the record ------------------------------------------------------------------------------------------


def test_everyone_reads_what_the_moderators_did_and_why(
    client: PageClient, moderator: Account, debate: AgoraDebate
) -> None:
    author = make_resident()
    post = make_post(debate, participant=make_participant(debate, author))
    empty = client.get("tending.record", debate_id=debate.id)
    assert "Moderatorii nu au făcut nimic aici" in empty.main_text
    tend(client, post, "fold", reason="Este despre altă stradă.")
    undo(client)
    client.sign_out()
    for endpoint in ("agora.show", "tending.record"):
        page = client.get(endpoint, debate_id=debate.id).main_text
        assert "Un text pe lângă subiect a fost restrâns" in page
        assert "Este despre altă stradă." in page
        assert "Am greșit." in page
        assert moderator.display_name not in page
    recorded = select(AuditRecord.event).where(AuditRecord.account_id == moderator.id)
    assert {"agora.post_folded", "agora.act_undone"} <= set(db.session.scalars(recorded))
    told = db.session.scalars(select(OutboxMessage.body).where(OutboxMessage.address == author.email)).all()
    assert len(told) == 2
    assert "Este despre altă stradă." in told[0]


def test_an_act_is_undone_once_and_not_after_the_archive(
    client: PageClient, moderator: Account, debate: AgoraDebate
) -> None:
    copy, kept = make_post(debate, body="Unu"), make_post(debate, body="Doi")
    tend(client, copy, "merge", into_id=str(kept.id))
    page = client.get("tending.undo", act_id=last_act().id)
    client.submit(page, "/undo", {"reason": ""}, expect=422)
    other = make_post(debate, body="Trei")
    tend(client, other, "fold")
    folded = last_act()
    undo(client, folded)
    assert "A fost deja anulată" in undo(client, folded, 409).main_text
    ended = clock.now() - timedelta(hours=1)
    debate.submitted_at = debate.opened_at = ended - timedelta(days=31)
    debate.seconds_until = debate.closes_at = ended
    db.session.commit()
    assert agora_jobs.archive_due(clock.now() + timedelta(days=400)) == 1
    merged = db.session.scalar(select(AgoraAct).where(AgoraAct.kind == "merge"))
    with pytest.raises(NotAllowed):
        service.undo(moderator.as_actor(), merged.id, "Târziu.", clock.now() + timedelta(days=401))


def test_only_moderators_tend_and_never_what_is_theirs(client: PageClient, debate: AgoraDebate) -> None:
    post = make_post(debate)
    for role in ("staff", "resident"):
        client.sign_in(make_account(role) if role == "staff" else make_resident())
        tend(client, post, "fold", 403)
        assert f"/agora/posts/{post.id}/tend" not in client.get("agora.show", debate_id=debate.id).html
    author = make_account("moderator")
    mine = make_debate("open", author)
    client.sign_in(author)
    assert "Tu ai deschis-o" in client.get("tending.pace", debate_id=mine.id).main_text
    pace(client, mine, "lock", 403)
    with pytest.raises((NotAllowed, Conflict)):
        service.lock(author.as_actor(), mine.id, WHY, clock.now())


def test_the_pages_are_whole_in_english(client: PageClient, moderator: Account, debate: AgoraDebate) -> None:
    post, other = make_post(debate), make_post(debate, body="Another point altogether")
    make_post(debate, "position", body="Only in summer")
    client.speak("en")
    client.get("tending.tend", post_id=post.id)
    client.get("tending.pace", debate_id=debate.id)
    tend(client, post, "merge", into_id=str(other.id))
    client.get("tending.record", debate_id=debate.id)
    client.get("tending.undo", act_id=last_act().id)
    assert "was merged with it" in client.get("agora.show", debate_id=debate.id).main_text
