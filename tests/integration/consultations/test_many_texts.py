"""Very many texts: put under a theme by the worker, listed by key, proposed for the theme that asks for the same."""

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from civic import clock, tasks
from civic.audit import AuditRecord
from civic.cursors import Cursor
from civic.errors import Conflict
from civic.extensions import db
from consultations.contributions.models import Answer
from consultations.contributions.themes import Known
from consultations.questionnaires import queries as questionnaires
from consultations.questionnaires.models import Questionnaire
from consultations.texts import putting, queries, rules, service
from consultations.texts.models import SurveyText
from tests.factories import make_account, make_department
from tests.integration.consultations.registerkit import REFUSAL, make_entry, published, staff
from tests.integration.consultations.surveytextkit import POOL, TREES, at, ended, put, theme
from tests.pageclient import PageClient

EVERY = queries.Filters()


@pytest.fixture
def now(app: Flask) -> datetime:
    return clock.now()


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five texts are many, and the worker takes two at a time."""
    monkeypatch.setattr(putting, "AT_ONCE", 4)
    monkeypatch.setattr(putting, "BATCH", 2)


def under(one: Questionnaire, theme_id: int | None) -> int:
    return queries.count(one.consultation_id, queries.Filters(theme_id=theme_id or 0))


def five(now: datetime) -> tuple[Questionnaire, datetime]:
    return ended(now, [f"{TREES} {number}" for number in range(5)])


def ask(one: Questionnaire, theme_id: int | None, found: queries.Filters, now: datetime) -> tasks.Task:
    total = queries.count(one.consultation_id, found)
    asked = putting.ask(staff().as_actor(), one.consultation_id, theme_id, found, total, now)
    db.session.commit()
    return asked


# --- by the worker ---------------------------------------------------------------------------------------


def test_many_texts_are_put_by_the_worker_and_the_page_says_how_far(
    client: PageClient, now: datetime, few: None
) -> None:
    one, later = five(now)
    client.sign_in(staff())
    asked = client.post("staff_survey_texts.put", {"new_theme": "Copaci", "go": "all"}, **at(one), q="copaci")
    progress = client.follow(asked)
    assert "Își așteaptă rândul" in progress.main_text
    assert progress.find(".job__reload a") is not None, "without a script there is a link"
    assert under(one, None) == 5, "nothing was moved in the request"
    page = client.get("staff_survey_texts.index", **at(one))
    assert "0 din 5" in page.main_text
    assert tasks.run_waiting(later) == 1
    db.session.expire_all()
    done = client.follow(asked)
    assert "5 texte" in done.main_text
    assert done.find(".job__action a") is not None
    assert under(one, None) == 0
    assert "0 din 5" not in client.get("staff_survey_texts.index", **at(one)).main_text
    record = db.session.scalars(
        select(AuditRecord).where(AuditRecord.event == "questionnaire.texts_grouped")
    ).one()
    assert (record.details["texts"], record.details["found_by"]) == (5, {"text": "copaci"})


def test_a_few_texts_are_put_at_once(client: PageClient, now: datetime) -> None:
    one, _later = five(now)
    client.sign_in(staff())
    page = client.post("staff_survey_texts.put", {"new_theme": "Copaci", "go": "all"}, **at(one), q="copaci")
    assert "5 texte" in client.follow(page).main_text
    assert under(one, None) == 0
    assert db.session.scalar(select(func.count()).select_from(tasks.Task)) == 0


def test_a_worker_that_died_half_way_is_taken_over_and_nothing_is_counted_twice(
    app: Flask, now: datetime, few: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, later = five(now)
    trees = theme(one, "Copaci", later)
    task = ask(one, trees.id, queries.Filters(state="unthemed"), later)
    steps = []

    def dies(*_told: int) -> None:
        steps.append(under(one, trees.id))
        raise SystemExit

    with pytest.raises(SystemExit):
        putting.put(dict(task.params), dies)
    db.session.rollback()
    task.state, task.reported_at = "running", later
    db.session.commit()
    assert steps == [2]
    assert tasks.run_waiting(later) == 0, "somebody is still at it"
    assert tasks.run_waiting(later + 2 * tasks.ABANDONED_AFTER) == 1
    db.session.expire_all()
    assert (task.state, task.result["moved"], under(one, trees.id)) == ("done", 5, 5)
    assert putting.put(dict(task.params), lambda *_told: None)["moved"] == 5, "done again it is done once"
    written = select(func.count()).where(AuditRecord.event == "questionnaire.texts_grouped")
    assert db.session.scalar(written) == 1


def test_the_same_asked_twice_is_one_work(app: Flask, now: datetime, few: None) -> None:
    one, later = five(now)
    trees = theme(one, "Copaci", later)
    boss = staff().as_actor()
    first, second = (putting.ask(boss, one.consultation_id, trees.id, EVERY, 5, later) for _time in range(2))
    other = putting.ask(boss, one.consultation_id, None, EVERY, 5, later)
    assert first is second
    assert other is not first


def test_those_answered_stay_and_who_comes_to_an_answered_theme_is_told(
    app: Flask, now: datetime, few: None
) -> None:
    one, later = ended(now, [f"{TREES} {number}" for number in range(5)] + [POOL])
    trees, pool = theme(one, "Copaci", later), theme(one, "Piscină", later)
    put(one, pool, queries.Filters(text="piscina"), later)
    published(pool, REFUSAL, later)
    published(trees, REFUSAL, later)
    tasks.run_waiting(later)
    told = select(func.count()).where(tasks.Task.kind == "contributions.tell")
    before = db.session.scalar(told)
    task = ask(one, trees.id, EVERY, later)
    tasks.run_waiting(later)
    db.session.expire_all()
    assert (task.result["moved"], task.result["stayed"]) == (5, 1)
    assert db.session.scalar(told) == before + 1
    assert db.session.scalar(select(func.count()).select_from(Answer)) == 2


def test_groups_are_not_made_anew_while_one_of_them_is_put_away_nor_the_other_way(
    client: PageClient, now: datetime, few: None
) -> None:
    one, later = five(now)
    trees = theme(one, "Copaci", later)
    boss = staff()
    service.ask_for_groups(boss.as_actor(), one.consultation_id, later)
    with pytest.raises(Conflict, match="Grupurile se fac din nou"):
        putting.ask(boss.as_actor(), one.consultation_id, trees.id, queries.Filters(likeness=1), 5, later)
    db.session.commit()
    tasks.run_waiting(later)
    ask(one, trees.id, EVERY, later)
    client.sign_in(boss)
    said = client.follow(client.post("staff_survey_texts.compare", **at(one)))
    assert "Chiar acum se pun texte sub o temă" in said.main_text
    tasks.run_waiting(later)
    assert under(one, trees.id) == 5


def test_only_those_who_answer_ask_the_worker(client: PageClient, now: datetime, few: None) -> None:
    one, _later = five(now)
    client.sign_in(make_account("evaluator", department=make_department()))
    form = {"theme": "none", "go": "all"}
    client.post("staff_survey_texts.put", form, expect=403, **at(one))
    assert db.session.scalar(select(func.count()).select_from(tasks.Task)) == 0


# --- page by page ----------------------------------------------------------------------------------------


def test_the_pages_of_a_long_list_go_forth_and_back_and_miss_nothing(
    client: PageClient, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _later = five(now)
    monkeypatch.setattr(queries, "PER_PAGE", 2)
    stored = db.session.scalars(select(SurveyText.key).order_by(SurveyText.key)).all()

    def listed(cursor: Cursor) -> Any:
        return queries.list_lines(one.consultation_id, EVERY, cursor)

    seen, page = [], listed(Cursor())
    while True:
        seen.append([line.key for line in page.rows])
        if page.after is None:
            break
        page = listed(Cursor(after=page.after))
    assert seen == [list(stored[:2]), list(stored[2:4]), list(stored[4:])]
    back = listed(Cursor(before=page.before))
    assert [line.key for line in back.rows] == seen[1]
    first = listed(Cursor(before=back.before))
    assert ([line.key for line in first.rows], first.before) == (seen[0], None)
    client.sign_in(staff())
    shown = client.get("staff_survey_texts.index", **at(one), after=stored[1], q="copaci")
    assert shown.html.count('name="keys"') == 2
    assert f"after={stored[3]}" in shown.html
    assert f"before={stored[2]}" in shown.html
    for nonsense in ("zz", "\x00", "9" * 900):
        assert f"t-{stored[0]}" in client.get("staff_survey_texts.index", **at(one), after=nonsense).html


def test_what_everybody_reads_goes_by_key_too(
    app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _later = five(now)
    monkeypatch.setattr(questionnaires, "TEXTS_A_PAGE", 3)
    first = questionnaires.list_texts(one.id, "i3")
    rest = questionnaires.list_texts(one.id, "i3", Cursor(after=first.after or ""))
    numbers = [line.response for line in [*first.rows, *rest.rows]]
    assert numbers == sorted(set(numbers))
    assert (len(first.rows), len(rest.rows), first.before, rest.after) == (3, 2, None, None)
    assert questionnaires.list_texts(one.id, "i3", Cursor(before=rest.before or "")).rows == first.rows
    assert questionnaires.list_texts(one.id, "i3", Cursor(after="no number")).rows == first.rows


# --- a theme that is there already -----------------------------------------------------------------------


def test_a_proposed_group_names_the_theme_that_asks_for_the_same(client: PageClient, now: datetime) -> None:
    one, later = ended(now, [TREES, TREES.upper(), POOL, POOL + "!"])
    trees = theme(one, "Copaci pe bulevard", later)
    theme(one, "Locuri de parcare", later)
    service.ask_for_groups(staff().as_actor(), one.consultation_id, later)
    db.session.commit()
    tasks.run_waiting(later)
    client.sign_in(staff())
    page = client.get("staff_survey_texts.groups", **at(one))
    assert page.main_text.count("Copaci pe bulevard") == 1
    assert "Locuri de parcare" not in page.main_text
    number = next(
        group.number
        for group in queries.list_groups(one.consultation_id, 5)
        if "copaci" in group.example.text.lower()
    )
    page = client.get("staff_survey_texts.index", **at(one), group=number, under=trees.id)
    assert f'<option value="{trees.id}" selected>' in page.html
    assert "cere cam același lucru" in page.main_text
    assert under(one, None) == 4, "nothing is decided by itself"


def test_texts_under_a_theme_say_what_it_is_about_when_its_title_does_not(app: Flask, now: datetime) -> None:
    one, later = ended(now, [TREES, POOL])
    green = theme(one, "Verdeață", later)
    put(one, green, queries.Filters(text="copaci"), later)
    samples = queries.list_samples(one.consultation_id)
    assert samples == {green.id: [rules.folded(TREES)]}
    say_also = f"{TREES} și bănci"
    known = Known({green.id: green.title}, samples)
    assert known.suggest(say_also) == green.id
    assert known.suggest(POOL) is None


def test_contributions_that_look_alike_are_proposed_for_the_theme_there_is(
    client: PageClient, now: datetime
) -> None:
    one, later = ended(now, [])
    for _number in range(2):
        make_entry(
            one.consultation, now, body=f"Vă rog să plantați copaci pe bulevardul Colentina. {_number}"
        )
    theme(one, "Copaci pe bulevardul Colentina", later)
    client.sign_in(staff())
    page = client.get("staff_contributions.theme_list", **at(one))
    assert "Tema „Copaci pe bulevardul Colentina” cere cam același lucru" in page.main_text
    field = page.find("#group-title-1")
    assert field is not None
    assert field.get("value") == "Copaci pe bulevardul Colentina"
