"""Arguments are brought one point at a time, judged once a person, ordered by what convinces every camp."""

import random
from datetime import timedelta
from math import prod
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from civic import clock
from civic.accounts.models import Account
from civic.audit import AuditRecord
from civic.extensions import db
from civic.moderation.models import ModerationCase
from consultations.agora import jobs as agora_jobs
from consultations.agora.arguing import jobs, queries, rules
from consultations.agora.arguing.models import AgoraJudgement, AgoraParticipant, AgoraPost
from consultations.agora.models import AgoraDebate
from tests.factories import make_account, make_department, make_resident
from tests.integration.consultations.agorakit import make_debate, make_judges, make_participant, make_post
from tests.pageclient import Page, PageClient

SAID = "Magazinele pierd clienții care vin cu mașina."


@pytest.fixture
def debate(app: Any) -> AgoraDebate:
    return make_debate("open")


def argue(client: PageClient, debate: AgoraDebate, expect: int = 303, **changes: str) -> Page:
    form = {"side": "against", "body": SAID, "source": "", "form_key": "k1", **changes}
    return client.post("arguing.argue", form, debate_id=debate.id, expect=expect)


def posts() -> list[AgoraPost]:
    db.session.expire_all()
    return list(db.session.scalars(select(AgoraPost).order_by(AgoraPost.id)))


def press(client: PageClient, post: AgoraPost, value: int, **options: Any) -> Page:
    return client.post("arguing.judge", {"value": str(value)}, post_id=post.id, **options)


# --- writing ---------------------------------------------------------------------------------------------


def test_a_verified_residents_argument_is_public_at_once(client: PageClient, debate: AgoraDebate) -> None:
    client.sign_in(make_resident())
    page = client.get("arguing.argue", debate_id=debate.id, side="against")
    assert "Regulile casei" in page.html
    client.submit(page, "/argue", {"body": SAID, "source": "https://insse.ro/x"})
    client.sign_out()
    shown = client.get("agora.show", debate_id=debate.id)
    assert SAID in shown.main_text
    assert "Argument contra" in shown.main_text
    assert "https://insse.ro/x" in shown.html
    argue_again = client.get("agora.show", debate_id=debate.id, side="for")
    assert SAID not in argue_again.text_of("#arguments")


def test_a_new_accounts_argument_waits_and_its_author_sees_that(
    client: PageClient, debate: AgoraDebate
) -> None:
    author = make_account()
    client.sign_in(author)
    argue(client, debate)
    assert (
        "Așteaptă un moderator; îl vezi numai tu" in client.get("agora.show", debate_id=debate.id).main_text
    )
    post = posts()[0]
    assert post.state == "held"
    client.sign_out()
    assert SAID not in client.get("agora.show", debate_id=debate.id).main_text
    client.get("arguing.post", post_id=post.id, expect=404)
    client.sign_in(make_account("moderator"))
    case = db.session.scalars(select(ModerationCase)).one()
    client.post("moderation.decide", {"decision": "publish"}, case_id=case.id)
    client.sign_out()
    assert SAID in client.get("agora.show", debate_id=debate.id).main_text


@pytest.mark.parametrize(
    "wrong",
    [{"body": ""}, {"body": "x" * 501}, {"side": "note"}, {"side": ""}, {"source": "javascript:alert(1)"}],
)
def test_what_is_refused_comes_back_as_it_was_typed(
    client: PageClient, debate: AgoraDebate, wrong: dict[str, str]
) -> None:
    client.sign_in(make_resident())
    page = argue(client, debate, 422, **wrong)
    assert page.form("/argue")["body"] == {**{"body": SAID}, **wrong}["body"]
    assert posts() == []


def test_before_a_copy_is_published_the_argument_is_offered(client: PageClient, debate: AgoraDebate) -> None:
    first = make_post(debate, body="Copiii nu au unde să se plimbe cu bicicleta.")
    client.sign_in(make_resident())
    copy = "Copiii din cartier n-au unde se plimba cu bicicletele!"
    page = argue(client, debate, 200, side="for", body=copy)
    assert "Susțin acest argument" in page.main_text
    assert page.form("/argue")["body"] == copy
    assert len(posts()) == 1
    supported = client.submit(page, f"/posts/{first.id}/judge", {"value": "1"})
    assert f"/agora/posts/{first.id}" in supported.headers["Location"]
    assert posts()[0].other_yes == 1
    client.submit(page, "/argue")
    assert len(posts()) == 2


def test_a_form_sent_twice_makes_one_argument(client: PageClient, debate: AgoraDebate) -> None:
    client.sign_in(make_resident())
    argue(client, debate)
    argue(client, debate, confirmed="1")
    assert len(posts()) == 1


def test_a_position_gathers_its_arguments(client: PageClient, debate: AgoraDebate) -> None:
    client.sign_in(make_resident())
    client.post("arguing.add_position", {"body": "Numai vara", "form_key": "p"}, debate_id=debate.id)
    position = posts()[0]
    argue(client, debate, position_id=str(position.id))
    make_post(debate, body="Despre altceva cu totul.")
    shown = client.get("agora.show", debate_id=debate.id, position=position.id)
    assert SAID in shown.text_of("#arguments")
    assert "Despre altceva" not in shown.text_of("#arguments")
    elsewhere = make_post(make_debate("open"), "position", body="În altă dezbatere")
    argue(client, debate, 422, position_id=str(elsewhere.id), form_key="k2", confirmed="1")


def test_replies_go_one_level_deep(client: PageClient, debate: AgoraDebate) -> None:
    first = make_post(debate)
    client.sign_in(make_resident())
    page = client.get("arguing.reply", post_id=first.id)
    client.submit(page, "/reply", {"body": "Există parcul de lângă."})
    answer = posts()[1]
    assert "Există parcul de lângă." in client.get("agora.show", debate_id=debate.id).main_text
    client.get("arguing.reply", post_id=answer.id, expect=404)
    assert client.get("arguing.post", post_id=answer.id, expect=302)
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(insert(AgoraPost).values(
            debate_id=debate.id, kind="reply", parent_id=answer.id, parent_kind="argument", side="", source="",
            participant_id=answer.participant_id, body="x", function="", state="visible", hidden_reason="", created_at=clock.now(),
            stems="", for_yes=0, for_seen=0, against_yes=0, against_seen=0, other_yes=0, other_seen=0, unknown=0,
        ))  # fmt: skip


def test_after_the_end_nothing_is_written_and_the_page_says_since_when(client: PageClient) -> None:
    closed = make_debate("closing")
    post = make_post(closed)
    client.sign_in(make_resident())
    assert "Argumentele se primeau până" in client.get("agora.show", debate_id=closed.id).main_text
    assert "Argumentele se primeau până" in argue(client, closed, 403).main_text
    press(client, post, 1, expect=403)
    client.post("arguing.say_stance", {"value": "1"}, debate_id=closed.id, expect=403)
    assert len(posts()) == 1


def test_a_pseudonym_is_chosen_once_and_is_nobody_elses(client: PageClient, debate: AgoraDebate) -> None:
    author = make_resident()
    client.sign_in(author)
    argue(client, debate, pseudonym="Vecina de la trei")
    shown = client.get("agora.show", debate_id=debate.id)
    assert "Vecina de la trei" in shown.main_text
    assert author.display_name not in shown.text_of("#arguments")
    assert "pseudonym" not in client.get("arguing.argue", debate_id=debate.id).form("/argue")
    wrote = select(AuditRecord.account_id).where(AuditRecord.event == "agora.wrote")
    assert db.session.scalars(wrote).all() == [None], (
        "the record is never deleted, so it does not say whose it is"
    )
    client.sign_in(make_resident())
    make_post(
        debate, participant=make_participant(debate, make_account(display_name="Ana Pop")), body="Al ei."
    )
    for taken in ("ana pop", "Primăria"):
        assert (
            "te ia drept altcineva" in argue(client, debate, 422, pseudonym=taken, body="Altceva.").main_text
        )
    page = argue(
        client, debate, 422, pseudonym="vecina de la TREI", body="Cu totul și cu totul altceva scris aici."
    )
    assert "Altcineva are aici acest pseudonim" in page.main_text


# --- officials -------------------------------------------------------------------------------------------


def test_an_official_speaks_with_function_and_department_and_states_facts(
    client: PageClient, debate: AgoraDebate
) -> None:
    department = make_department("Direcția de drumuri")
    client.sign_in(make_account("staff"))
    assert "funcția" in argue(client, debate, 422, side="note").main_text
    argue(client, debate, side="note", function="Inginer de trafic", department_id=str(department.id))
    client.sign_out()
    shown = client.get("agora.show", debate_id=debate.id).main_text
    assert "Date de la primărie" in shown
    assert "Inginer de trafic, Direcția de drumuri" in shown


def test_an_officials_judgement_and_stance_do_not_count(client: PageClient, debate: AgoraDebate) -> None:
    post = make_post(debate)
    client.sign_in(make_account("evaluator", department=make_department()))
    assert "judecata ta nu se numără" in press(client, post, 1, expect=403).main_text
    client.post("arguing.say_stance", {"value": "1"}, debate_id=debate.id, expect=403)
    assert db.session.scalar(select(func.count()).select_from(AgoraJudgement)) == 0


# --- judging ---------------------------------------------------------------------------------------------


def test_one_person_has_one_judgement_that_may_change(client: PageClient, debate: AgoraDebate) -> None:
    post = make_post(debate)
    client.sign_in(make_resident())
    client.post("arguing.say_stance", {"value": "1"}, debate_id=debate.id)
    for value, yes, unknown in ((1, 1, 0), (1, 1, 0), (0, 0, 1), (-1, 0, 0)):
        press(client, post, value)
        shown = posts()[0]
        assert (shown.for_yes, shown.for_seen, shown.unknown) == (yes, 1, unknown)
    assert db.session.scalar(select(func.count()).select_from(AgoraJudgement)) == 1
    press(client, post, 7, expect=422)


def test_a_judgement_swaps_its_buttons_and_comes_back_to_the_same_list(
    client: PageClient, debate: AgoraDebate
) -> None:
    post = make_post(debate)
    client.sign_in(make_resident())
    part = press(client, post, 1, hx=True, expect=200)
    assert part.find(f"#judge-{post.id}") is not None
    assert [one.get("value") for one in part.all("button") if one.get("aria-pressed")] == ["1"]
    assert "<html" not in part.html
    back = press(client, post, 1, order="newest", side="for").headers["Location"]
    assert "order=newest" in back
    assert back.endswith(f"#post-{post.id}")


def test_nobody_judges_what_they_wrote(client: PageClient, debate: AgoraDebate) -> None:
    author = make_resident()
    post = make_post(debate, participant=make_participant(debate, author))
    client.sign_in(author)
    assert "ceilalți spun dacă îi convinge" in press(client, post, 1, expect=403).main_text


def test_who_changes_camp_takes_the_judgements_along(client: PageClient, debate: AgoraDebate) -> None:
    first, second = make_post(debate), make_post(debate, body="Altul")
    client.sign_in(make_resident())
    press(client, first, 1)
    press(client, second, -1)
    assert [(post.other_yes, post.other_seen) for post in posts()] == [(1, 1), (0, 1)]
    client.post("arguing.say_stance", {"value": "-1"}, debate_id=debate.id)
    assert [(post.other_yes, post.other_seen) for post in posts()] == [(0, 0), (0, 0)]
    assert [(post.against_yes, post.against_seen) for post in posts()] == [(1, 1), (0, 1)]


def test_judgements_of_new_accounts_wait_a_day(client: PageClient, debate: AgoraDebate) -> None:
    post, now = make_post(debate), clock.now()
    for _each in range(3):
        account = make_account()
        account.created_at = now
        db.session.commit()
        client.sign_in(account)
        press(client, post, -1)
    assert posts()[0].other_seen == 0
    assert jobs.count_waiting(now + timedelta(hours=23)) == 0
    assert jobs.count_waiting(now + timedelta(hours=25)) == 3
    assert jobs.count_waiting(now + timedelta(hours=25)) == 0
    assert posts()[0].other_seen == 3


# --- the order -------------------------------------------------------------------------------------------


def bodies(page: Page) -> list[str]:
    words = page.text_of("#arguments")
    found = [(words.find(name), name) for name in ("Primul", "Al doilea", "Al treilea", "Al patrulea")]
    return [name for place, name in sorted(found) if place >= 0]


def test_below_thirty_participants_the_newest_come_first(client: PageClient, debate: AgoraDebate) -> None:
    old = make_post(debate, body="Primul", created_at=clock.now() - timedelta(hours=2))
    make_post(debate, body="Al doilea")
    make_judges(debate, 1, 20, old)
    page = client.get("agora.show", debate_id=debate.id)
    assert bodies(page) == ["Al doilea", "Primul"]
    assert "Până la 30 de participanți" in page.main_text


def test_what_convinces_every_camp_stands_over_what_convinces_one(
    client: PageClient, debate: AgoraDebate
) -> None:
    one_camp, both = make_post(debate, body="Primul"), make_post(debate, body="Al doilea")
    make_judges(debate, 1, 12, one_camp)
    make_judges(debate, -1, 6, one_camp, -1)
    make_judges(debate, 1, 6, both)
    make_judges(debate, -1, 6, both)
    young = make_post(debate, body="Al treilea")
    assert young.for_seen == 0
    page = client.get("agora.show", debate_id=debate.id)
    assert bodies(page) == ["Al doilea", "Primul", "Al treilea"]
    assert "după ce spui ce părere ai" in page.text_of("#arguments")
    client.sign_in(make_resident())
    client.post("arguing.say_stance", {"value": "0"}, debate_id=debate.id)
    seen = client.get("agora.show", debate_id=debate.id).text_of("#arguments")
    assert "Convinge 100 % dintre cei care sunt pentru (6 din 6)." in seen.replace("\xa0", " ")
    assert bodies(client.get("agora.show", debate_id=debate.id, order="divisive"))[0] == "Primul"
    assert bodies(client.get("agora.show", debate_id=debate.id, order="newest"))[0] == "Al treilea"
    make_judges(debate, 1, 1, make_post(debate, body="Al patrulea"))
    apart = client.get("agora.show", debate_id=debate.id, order="divisive").text_of("#arguments")
    assert "(1 din 1)" not in apart, "the share of a handful would tell how each of them judged"
    dealt = [
        bodies(client.get("agora.show", debate_id=debate.id, order="random", seed="7")) for _each in range(2)
    ]
    assert dealt[0] == dealt[1]


@pytest.mark.parametrize(
    "basis",
    [rules.Basis(False, (rules.FOR, rules.AGAINST)), rules.Basis(True, (0, 1, 2))],
    ids=["stances", "groups"],
)
def test_the_database_orders_as_the_rules_say(debate: AgoraDebate, basis: rules.Basis) -> None:
    chance, author, camps = random.Random(5), make_participant(debate), basis.camps
    rows = []
    for number in range(60):
        seen = [chance.randrange(0, 14) for _camp in range(3)]
        yes = [chance.randint(0, many) for many in seen]
        rows.append({
            "debate_id": debate.id, "kind": "argument", "side": "for", "participant_id": author.id, "stems": "",
            "body": f"Unu {number}", "created_at": clock.now(), "for_yes": yes[0], "for_seen": seen[0],
            "against_yes": yes[1], "against_seen": seen[1], "other_yes": yes[2], "other_seen": seen[2],
            "unknown": chance.randint(0, sum(seen) - sum(yes)),
            # one is younger than the last count by group
            "by_group": [list(pair) for pair in zip(yes, seen, strict=True)] if number else None,
        })  # fmt: skip
    db.session.execute(insert(AgoraPost), rows)
    db.session.commit()
    known, young = [], []
    for post in posts():
        tally = queries.tally_of(post, basis.by_groups)
        (known if rules.is_known(tally, camps) else young).append((post.id, tally))
    # In floating point, as the database multiplies: two products of equal fractions may differ there.
    known.sort(key=lambda pair: (-prod(float(rules.share(pair[1].camps[camp])) for camp in camps), pair[0]))
    wants = {post.id: rules.priority(queries.tally_of(post)) for post in posts()}
    young.sort(key=lambda pair: (-wants[pair[0]], pair[0]))
    placed = [(rules.place_of(True, rank), 0, number) for rank, (number, _tally) in enumerate(known, 1)]
    placed += [(rules.place_of(False, rank), 1, number) for rank, (number, _tally) in enumerate(young, 1)]
    assert len(known) > 5
    assert len(young) > 5
    expected = [number for _place, _sort, number in sorted(placed)]
    narrowed = queries.Narrowed()
    pages = [queries.list_arguments(debate.id, None, narrowed, basis, page)[0] for page in (1, 2, 3)]
    got = [thread.post.id for page in pages for thread in page]
    assert got == expected


def test_where_the_others_stand_is_seen_after_one_has_said_it(
    client: PageClient, debate: AgoraDebate
) -> None:
    for _each in range(5):
        make_participant(debate, stance=1)
    client.sign_in(make_resident())
    before = client.get("agora.show", debate_id=debate.id).main_text
    assert "Părerile celorlalți le vezi după ce o spui pe a ta." in before
    assert "Ce părere au participanții" not in before
    client.post("arguing.say_stance", {"value": "-1"}, debate_id=debate.id)
    assert "Ce părere au participanții" in client.get("agora.show", debate_id=debate.id).main_text


def test_a_sum_of_a_handful_of_people_is_not_shown(client: PageClient, debate: AgoraDebate) -> None:
    for _each in range(3):
        make_participant(debate, stance=1)
    client.sign_in(make_resident())
    client.post("arguing.say_stance", {"value": "-1"}, debate_id=debate.id)
    page = client.get("agora.show", debate_id=debate.id).main_text
    assert "Ce părere au participanții" not in page
    assert "cel puțin 5 oameni" in page


# --- moderation and the archive --------------------------------------------------------------------------


def test_what_is_hidden_leaves_its_place_and_comes_back_with_a_reason(
    client: PageClient, debate: AgoraDebate
) -> None:
    post = make_post(debate, state="hidden", body="Vorbe urâte")
    shown = client.get("agora.show", debate_id=debate.id).main_text
    assert "Vorbe urâte" not in shown
    assert "Ascuns de un moderator. Jignitor." in shown
    client.sign_in(make_account("moderator"))
    page = client.get("arguing.restore", post_id=post.id)
    client.submit(page, "/restore", {"reason": ""}, expect=422)
    client.submit(page, "/restore", {"reason": "Nu era împotriva regulilor."})
    assert "Vorbe urâte" in client.get("agora.show", debate_id=debate.id).main_text


def test_the_archive_forgets_who_stood_where_and_keeps_the_sums(app: Flask, client: PageClient) -> None:
    debate = make_debate("answered")
    post = make_post(
        debate, participant=make_participant(debate, pseudonym="Vecina", pseudonym_folded="vecina")
    )
    make_judges(debate, 1, 4, post)
    named = make_participant(debate, stance=-1)
    assert agora_jobs.archive_due(clock.now() + timedelta(days=400)) == 1
    db.session.expire_all()
    assert db.session.scalar(select(func.count()).select_from(AgoraJudgement)) == 0
    assert set(db.session.scalars(select(AgoraParticipant.stance))) == {None}
    by_name = select(AgoraParticipant.account_id).where(AgoraParticipant.pseudonym == "Vecina")
    assert db.session.scalar(by_name) is None
    assert db.session.get_one(AgoraParticipant, named.id).account_id is not None
    assert posts()[0].for_yes == 4
    kept = db.session.get_one(AgoraDebate, debate.id).stances_kept
    assert kept == {"1": 4, "-1": 1, "": 1}
    assert "Ce părere au participanții" in client.get("agora.show", debate_id=debate.id).main_text


def test_the_pages_are_whole_in_english(client: PageClient, debate: AgoraDebate) -> None:
    post = make_post(debate)
    make_post(debate, "position", body="Only in summer")
    reader: Account = make_resident()
    client.sign_in(reader)
    client.speak("en")
    assert "Does it convince you?" in client.get("agora.show", debate_id=debate.id).main_text
    client.get("arguing.argue", debate_id=debate.id)
    client.get("arguing.add_position", debate_id=debate.id)
    client.get("arguing.reply", post_id=post.id)
    client.get("arguing.post", post_id=post.id)


def test_what_is_beyond_a_page_is_on_the_next_and_five_thousand_arguments_cost_as_many_queries(
    client: PageClient, debate: AgoraDebate, statements: list[str]
) -> None:
    client.sign_in(make_resident())
    first = make_post(debate, body="Primul argument.")
    official = make_participant(debate, make_account("staff"))
    department = make_department()
    said = {"debate_id": debate.id, "participant_id": first.participant_id, "created_at": clock.now()}

    def join(many: int) -> None:
        rows = [{"debate_id": debate.id, "account_id": None, "joined_at": clock.now(), "stance": 1}] * many
        db.session.execute(insert(AgoraParticipant), rows)

    def bulk(kind: str, many: int, **values: Any) -> None:
        rows = [{**said, "kind": kind, "body": f"{kind} {number}", **values} for number in range(many)]
        db.session.execute(insert(AgoraPost), rows)

    bulk("reply", 2, parent_id=first.id, parent_kind="argument")
    bulk("position", 2)
    join(30)
    client.get("agora.show", debate_id=debate.id)
    statements.clear()
    client.get("agora.show", debate_id=debate.id)
    few = len(statements)
    bulk("reply", 51, parent_id=first.id, parent_kind="argument")
    bulk("position", 51)
    bulk("argument", 5000, side="for", created_at=clock.now() - timedelta(hours=2))
    join(5000)
    note = {"side": "note", "function": "Consilier", "department_id": department.id}
    bulk("argument", 21, participant_id=official.id, **note)
    db.session.commit()
    statements.clear()
    page = client.get("agora.show", debate_id=debate.id)
    assert len(statements) == few < 45
    assert "5.001 rezultate" in page.text_of("#arguments")
    assert page.text_of("#notes").count("argument 20") == 0
    assert "Vezi toate cele 53 de răspunsuri" in page.text_of(f"#post-{first.id}")
    notes = client.get("agora.show", debate_id=debate.id, notes_page=2).text_of("#notes")
    assert "argument 20" in notes
    assert page.text_of("#positions").count("position ") == 50
    rest = client.get("agora.show", debate_id=debate.id, positions_page=2)
    assert rest.text_of("#positions").count("position ") == 3
    last = db.session.scalars(
        select(AgoraPost.id).where(AgoraPost.kind == "reply").order_by(AgoraPost.id.desc())
    ).first()
    there = client.get("arguing.post", post_id=last, expect=302).headers["Location"]
    assert there.endswith(f"?replies_page=2#post-{last}")
    shown = client.get("arguing.post", post_id=first.id, replies_page=2)
    assert shown.text_of("#thread").count("reply ") == 3
