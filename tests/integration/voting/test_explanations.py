"""A losing author reads why, with figures that were stored when the round was counted."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from civic import clock
from civic.extensions import db
from civic.rounds.models import Round
from tests.factories import make_neighbourhood
from tests.integration.voting.votingkit import approve, make_round, make_voters, opened, vote
from tests.pageclient import PageClient
from voting import closing, result_queries

EQUAL_SHARES = {"version": 1, "name": "equal-shares"}


def counted(app: Flask, **values: object) -> tuple[int, str]:
    """Four for P1 and P2, two for P3 and P1, four for P4; 600 lei for 400, 300, 200 and 100."""
    round_ = make_round(validation=timedelta(hours=1), **values)  # type: ignore[arg-type]
    people = make_voters(10)
    round_ = opened(round_)
    for at, person in enumerate(people):
        choices = ("P1", "P2") if at < 4 else ("P1", "P3") if at < 6 else ("P4",)
        vote(app, round_, person, approve(*choices), bytes([at]) * 16)
    clock.travel(timedelta(hours=3))
    closing.close_round(round_.id, clock.now())
    return round_.id, db.session.get_one(Round, round_.id, populate_existing=True).slug


def test_equal_shares_say_who_paid_and_where_the_money_went(context: Flask) -> None:
    round_id, slug = counted(context, rule=EQUAL_SHARES, costs=(240, 300, 200, 100))
    stored = {project.code: outcome for outcome, project in result_queries.list_outcomes(round_id)}
    assert stored["P1"].data["supporters"] == 6
    assert (stored["P1"].data["start"], stored["P1"].paid_at_most) == ("60", "40")
    assert stored["P2"].data["used_by"] == {"P1": "160"}
    assert stored["P2"].data["supporters_money"] == "80"
    assert stored["P2"].data["missing"]["search"] == "found"
    browser = PageClient(context)
    page = browser.get("voting.results", slug=slug)
    for sentence in (
        "Cei 6 susținători au plătit 40 lei fiecare, adică 67 % din cei 60 lei",
        "Cei 4 susținători mai aveau 80 lei; proiectul costă 300 lei.",
        "Banii lor au mers la: Proiectul 1 (160 lei)",
        "Am renumărat: i-ar fi ajuns încă",
    ):
        assert sentence in page.main_text.replace("\u00a0", " "), sentence
    project = browser.get("voting.project", slug=slug, code="P2")
    words = project.main_text.replace("\u00a0", " ")
    assert "Unde au mers banii susținătorilor lui" in words
    assert "din 4 proiecte, după voturi" in words
    browser.speak("en")
    assert "Recounted:" in browser.get("voting.results", slug=slug).main_text


def test_what_was_not_recounted_is_said(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voting.counting.missing_votes.missing_votes.__defaults__", (0,))
    _round_id, slug = counted(context, rule=EQUAL_SHARES, costs=(240, 300, 200, 100))
    assert "nu a fost recalculat" in PageClient(context).get("voting.results", slug=slug).main_text


def test_the_round_in_figures_each_with_its_table(context: Flask) -> None:
    round_id, slug = counted(context, rule=EQUAL_SHARES, costs=(240, 300, 200, 100))
    result = result_queries.find_result(round_id)
    assert result is not None
    # P1 and P4 won: everybody has exactly one winner, of 40 or 25 lei.
    assert result.outcome["summary"]["by_winners"] == {"1": 10}
    assert sum(band["voters"] for band in result.outcome["summary"]["by_money"]) == 10
    page = PageClient(context).get("voting.results", slug=slug)
    charts = [one for one in page.root.iter() if one.get("class") == "chart"]
    assert len(charts) == 2
    for chart in charts:
        assert any(one.tag.endswith("caption") for one in chart.iter())
        picture = next(one for one in chart.iter() if one.get("role") == "img")
        assert picture.get("aria-label")


def test_money_by_neighbourhood_shows_voters_where_they_are_many(context: Flask) -> None:
    area = make_neighbourhood("Tei")
    area.population = 12345
    db.session.commit()
    round_id, slug = counted(context, rule=EQUAL_SHARES, costs=(240, 300, 200, 100), project_area=area.id)
    page = PageClient(context).get("voting.results", slug=slug)
    assert "Banii pentru fiecare cartier" in page.main_text
    assert "12.345" in page.main_text
    assert round_id


def test_a_round_counted_before_there_were_figures_shows_none(context: Flask) -> None:
    round_id, slug = counted(context)
    result = result_queries.find_result(round_id)
    assert result is not None
    kept = {k: v for k, v in result.outcome["summary"].items() if k not in ("by_winners", "by_money")}
    result.outcome = {**result.outcome, "summary": kept}
    db.session.commit()
    assert "Ce au obținut votanții" not in PageClient(context).get("voting.results", slug=slug).main_text


@pytest.mark.parametrize("step", ["counted", "published"])
def test_counting_again_after_a_crash_stores_the_same(
    context: Flask, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    real, tripped = closing._record, []

    def record(connection: object, ceremony: object, name: str, details: object) -> None:
        real(connection, ceremony, name, details)  # type: ignore[arg-type]
        if name == step and not tripped:
            tripped.append(name)
            raise RuntimeError("power cut")

    monkeypatch.setattr(closing, "_record", record)
    with pytest.raises(RuntimeError):
        counted(context, rule=EQUAL_SHARES, costs=(240, 300, 200, 100))
    db.session.rollback()
    round_id = db.session.scalar(db.select(Round.id).order_by(Round.id.desc()))
    closing.close_round(round_id, clock.now())
    stored = {project.code: outcome.data for outcome, project in result_queries.list_outcomes(round_id)}
    assert len(stored) == 4
    assert stored["P2"]["used_by"] == {"P1": "160"}
    assert stored["P2"]["missing"]["search"] == "found"


def test_the_page_asks_the_same_questions_for_any_number_of_projects(
    context: Flask,
) -> None:
    asked, seen = [], []

    @event.listens_for(db.engine, "before_cursor_execute")
    def note(*told: object) -> None:
        seen.append(told[2])

    for costs in ((240, 300, 200, 100), (240, 300, 200, 100, 90, 80, 70, 60, 50, 40)):
        clock.travel(timedelta(0))
        _round_id, slug = counted(context, rule=EQUAL_SHARES, costs=costs)
        browser = PageClient(context)
        browser.get("voting.results", slug=slug)
        browser.get("voting.project", slug=slug, code="P2")
        seen.clear()
        browser.get("voting.results", slug=slug)
        browser.get("voting.project", slug=slug, code="P2")
        asked.append(len(seen))
    assert asked[0] == asked[1]
