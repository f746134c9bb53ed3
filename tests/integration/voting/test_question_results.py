"""What a ballot of questions says after the close: counts, ties, tiny electorates, files, and verify.py on them."""

import csv
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask

from civic import clock
from civic.cli import Context
from civic.errors import NotFound
from civic.extensions import db
from civic.rounds.models import Round
from tests.factories import make_account
from tests.integration.voting.questionskit import STREET, WISHES, answered, make_ballot
from tests.integration.voting.verificationkit import change_json, exported, resum, verified
from tests.integration.voting.votingkit import make_round
from tests.pageclient import PageClient
from voting import (
    admission,
    archives,
    other_methods,
    publication_set,
    result_queries,
    round_queries,
    what_if_work,
)
from voting.cli import export_election_command
from voting.questions.results import is_withheld, question_counts

#: 8 yes, 5 no, one abstains; on wishes 6 trees, 6 benches; three leave one question empty.
BALLOTS = [
    *[["Q1-DA", "Q2-A", "Q2-B"]] * 5,
    *[["Q1-DA", "Q2-B"]] * 1,
    *[["Q1-DA"]] * 2,
    *[["Q1-NU", "Q2-ABTIN"]] * 4,
    ["Q1-NU", "Q2-A"],
    ["Q1-ABTIN"],
]


def open_answers(app: Flask, round_: Round) -> list[dict[str, Any]]:
    """What the open data say of the answers of a ballot."""
    answer = app.test_client().get(f"/api/v1/ballot-answers?round_id={round_.id}")
    return list(answer.get_json()["data"])


@pytest.mark.parametrize("mode", ["inclusion_only", "open"])
def test_counts_are_told_published_and_verified(context: Flask, tmp_path: Path, mode: str) -> None:
    round_ = answered(context, make_ballot(STREET, WISHES, publication_mode=mode), *BALLOTS)
    browser = PageClient(context)
    page = browser.get("voting.results", slug=round_.slug)
    for words in (
        "„Da” a primit 8 din 13 răspunsuri (61,5 %).", "1 buletin s-a abținut.", "0 buletine au lăsat întrebarea goală.",
        "Egalitate: „Băncuțe”, „Copaci” au primit câte 6 răspunsuri. Nu se trage la sorți între ele.",
        "4 buletine s-au abținut. 3 buletine au lăsat întrebarea goală.",
    ):  # fmt: skip
        assert words in page.main_text
    for word in ("lei", "proiect", "buget", "Rezerv", "câștigător"):
        assert word not in page.main_text
    browser.speak("en")
    assert "“Yes” got 8 of 13 answers (61.5%)." in browser.get("voting.results", slug=round_.slug).main_text

    folder = exported(context, round_, tmp_path / "set")
    code, said = verified(folder)
    assert code == 0, said
    result = json.loads((folder / "result.json").read_text())
    assert all(pot["winners"] == [] and pot["ties"] == [] for pot in result["pots"])
    assert {one["standing"] for pot in result["pots"] for one in pot["projects"]} == {"not_selected"}
    first, second = result["questions"]
    assert (first["ballots"], first["answers"], first["abstentions"], first["blank"]) == (14, 13, 1, 0)
    assert [(one["code"], one["votes"], one["share"]) for one in first["options"]] == [
        ("Q1-DA", 8, "0.6154"), ("Q1-NU", 5, "0.3846"),
    ]  # fmt: skip
    assert first["most"] == ["Q1-DA"]
    assert second["most"] == ["Q2-A", "Q2-B"], "a tie is a tie in the files too"
    assert "ÎNTREBĂRI" in (folder / "README.txt").read_text()
    sheet = list(
        csv.DictReader(io.StringIO(browser.get("voting.outcome_csv", slug=round_.slug).html.lstrip("\ufeff")))
    )
    assert [row["votes"] for row in sheet if row["question"] == "1"] == ["8", "5", "1", "0"]
    assert "Q1-DA" in browser.get("voting.pabulib", slug=round_.slug, pot_id=result["pots"][0]["id"]).html


def test_a_tampered_answer_is_caught(context: Flask, tmp_path: Path) -> None:
    round_ = answered(context, make_ballot(STREET, WISHES), *BALLOTS[:12])
    folder = exported(context, round_, tmp_path / "set")
    pot = json.loads((folder / "result.json").read_text())["pots"][0]
    file = folder / pot["file"]
    original = file.read_text()
    file.write_text(original.replace(";Q1-NU\n", ";Q1-DA\n", 1))
    resum(folder)
    assert verified(folder)[0] == 1
    file.write_text(original)
    for place, one in enumerate(pot["projects"]):
        change_json(folder / "result.json", **{f"pots__0__projects__{place}__votes": one["votes"] + 1})
        resum(folder)
        assert verified(folder)[0] == 1
        change_json(folder / "result.json", **{f"pots__0__projects__{place}__votes": one["votes"]})
    change_json(folder / "result.json", pots__0__winners=["Q1-DA"])
    resum(folder)
    assert verified(folder)[0] == 1, "nobody may announce a winner"


def test_with_fewer_than_ten_ballots_no_answer_leaves_the_house(context: Flask) -> None:
    round_ = answered(context, make_ballot(STREET), *[["Q1-DA"]] * 9)
    browser = PageClient(context)
    page = browser.get("voting.results", slug=round_.slug)
    assert "mai puțin de 10 buletine" in page.main_text
    result = result_queries.find_result(round_.id)
    plan = round_queries.plan_of(round_)
    assert result is not None
    assert plan is not None
    assert is_withheld(plan, result)
    assert question_counts(round_, plan, result) == []
    assert result.input_hash not in page.html, "a hash over nine answers can be guessed"
    assert "„Da” a primit" not in page.main_text
    browser.get("voting.outcome_csv", slug=round_.slug, expect=404)
    browser.get("voting.pabulib", slug=round_.slug, pot_id=next(iter(plan.pots)), expect=404)
    browser.get("voting.publication_zip", slug=round_.slug, expect=404)
    assert archives.pack_due(clock.now()) == 0
    assert [(item["votes"], item["ballots"]) for item in open_answers(context, round_)] == [(None, None)] * 3
    with pytest.raises(NotFound):
        publication_set.find_set(round_, context.config["SETTINGS"].city)
    assert browser.get("voting.codes", slug=round_.slug).html.count(" ballot ") == 9
    command = Context(lambda _settings: context)
    command.__dict__["settings"] = context.config["SETTINGS"]
    told = CliRunner().invoke(export_election_command, [round_.slug], obj=command)
    assert (told.exit_code, "Q1-DA" in told.output) == (2, False)
    browser.get("voting.find_code", slug=round_.slug)
    browser.get("rounds.show", slug=round_.slug)
    shown = browser.get("minutes.show", slug=round_.slug).html
    for step in result_queries.list_steps(round_.id):
        assert (step.hash in shown) == (step.step not in ("counted", "published")), step.step


def test_with_ten_the_answers_are_public(context: Flask) -> None:
    round_ = answered(context, make_ballot(STREET), *[["Q1-DA"]] * 10)
    page = PageClient(context).get("voting.results", slug=round_.slug)
    assert "„Da” a primit 10 din 10 răspunsuri (100 %)." in page.main_text
    assert archives.pack_due(clock.now()) == 1
    told = [
        (item["code"], item["abstains"], item["votes"], item["ballots"])
        for item in open_answers(context, round_)
    ]
    assert told == [("Q1-DA", False, 10, 10), ("Q1-NU", False, 0, 10), ("Q1-ABTIN", True, 0, 10)]
    round_.results_at = None  # counted, and under embargo
    db.session.commit()
    assert [item["votes"] for item in open_answers(context, round_)] == [None] * 3


def test_nothing_of_projects_follows(context: Flask) -> None:
    round_ = answered(context, make_ballot(STREET), *[["Q1-DA"]] * 10)
    now = clock.now() + timedelta(minutes=1)
    assert other_methods.compare_due(now) == 0
    assert admission.rounds_without_deliveries() == []
    assert not what_if_work.can_ask(round_, now)
    browser = PageClient(context)
    browser.get("voting.other_methods", slug=round_.slug, expect=404)
    browser.get("voting.project", slug=round_.slug, code="Q1-DA", expect=302)
    make_round(name="Ediția nouă", published_at=now)
    page = browser.get("rounds.show", slug=round_.slug)
    assert "Ce au răspuns locuitorii" in page.main_text
    assert "Comparat" not in page.main_text
    staff = PageClient(context)
    staff.sign_in(make_account("staff"))
    staff.get("staff_voting.show", round_id=round_.id)


def test_before_publication_there_is_nothing_to_see(context: Flask) -> None:
    round_ = make_ballot(STREET)
    browser = PageClient(context)
    page = browser.get("voting.results", slug=round_.slug)
    assert "proiect" not in page.main_text
    for endpoint in ("voting.outcome_csv", "voting.codes", "voting.publication_zip"):
        browser.get(endpoint, slug=round_.slug, expect=404)
