"""The demo city's files: whole, consistent with each other, and written in proper Romanian."""

import difflib
import itertools
import json
import os
import re
import unicodedata
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import civic.demo
from civic.actor import Role
from civic.demo import derive
from civic.demo.deliveries import source_words
from civic.places import shapes

DATA = Path(civic.demo.__file__).with_name("data")
FILES = sorted(DATA.rglob("*.json"))
PAGES = sorted((DATA / "pages").glob("*.md"))
SHARED = Path(os.environ.get("CIVIC_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))

DELIVERY_STATUSES = {
    "în evaluare", "în clarificare", "în pregătire", "contract semnat", "în proiectare", "în achiziție",
    "în execuție", "în curs de recepție", "recepționat", "sistat", "în așteptarea fondurilor", "finalizat",
    "altul", "anulat",
}  # fmt: skip

#: Where a proposal may go from each state; None is before it exists.
STEPS = {
    None: {"draft", "submitted"},
    "draft": {"submitted"},
    "submitted": {"in_analysis", "needs_changes", "merged", "withdrawn"},
    "needs_changes": {"in_analysis", "submitted", "withdrawn"},
    "in_analysis": {"eligible", "rejected", "needs_changes", "merged", "withdrawn"},
    "eligible": {"admitted", "withdrawn"},
    "rejected": {"appealed"},
    "appealed": {"eligible", "rejected"},
    "admitted": {"winner", "reserve"},
}
PROPOSAL_STATES = set(itertools.chain.from_iterable(STEPS.values()))


def load(name):
    return json.loads((DATA / name).read_text(encoding="utf-8"))["items"]


def strings(value):
    """Every text in a JSON value, keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def slugs(name):
    return {item["slug"] for item in load(name)}


def sentences(text):
    return [s for s in re.split(r"(?<=[.!?])\s+(?=[A-ZĂÂÎȘȚ])", text.strip()) if s]


PEOPLE = {person["key"]: person for person in load("people.json")}
ROUNDS = {round_["key"]: round_ for round_ in load("rounds.json")}
PROPOSALS = {proposal["id"]: proposal for proposal in load("proposals.json")}
CLOSED, OPEN = load("projects_closed.json"), load("projects_open.json")
PROJECTS = {project["id"]: project for project in CLOSED + OPEN}
DELIVERIES = {delivery["id"]: delivery for delivery in load("deliveries.json")}
NEIGHBOURHOODS = {place["slug"]: place for place in load("neighbourhoods.json")}


# --- every file


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_files_say_what_they_are_and_name_each_item_once(path):
    content = json.loads(path.read_text(encoding="utf-8"))
    assert len(content["_about"]) > 60
    names = [next(item[k] for k in ("id", "slug", "key") if k in item) for item in content["items"]]
    assert len(names) == len(set(names)) > 0


@pytest.mark.parametrize("path", FILES + PAGES, ids=lambda p: p.name)
def test_text_is_proper_romanian_unicode(path):
    text = path.read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert not re.search("[ŞşŢţǎȋ«»\u00a0\ufeff]", text)
    assert "\r" not in text
    assert not re.search(r"lorem|todo|tbd|xxx|coming soon", text, re.IGNORECASE)
    for written in strings(json.loads(text)) if path.suffix == ".json" else [text]:
        assert written.strip() == written.rstrip("\n")
        assert "  " not in written


@pytest.mark.parametrize("path", [*FILES, *PAGES], ids=lambda p: p.name)
def test_addresses_lead_nowhere_real_except_the_authorities_named_by_law(path):
    domains = set(re.findall(r"@([\w-]+(?:\.[\w-]+)+)", path.read_text(encoding="utf-8")))
    assert domains <= {"civic.example", "sector2.example", "adr.gov.ro"}


def test_references_between_files_hold():
    departments, categories = slugs("departments.json"), slugs("categories.json")
    reasons, programmes = slugs("rejection_reasons.json"), slugs("programmes.json")
    for project in PROJECTS.values():
        assert project["category"] in categories
        assert project["department"] in departments
        assert project["neighbourhood"] in {None, *NEIGHBOURHOODS}
        assert project["proposal"] is None or PROPOSALS[project["proposal"]]["project"] == project["id"]
    for proposal in PROPOSALS.values():
        assert proposal["category"] in categories
        assert proposal["programme"] in programmes
        assert proposal["neighbourhood"] in {None, *NEIGHBOURHOODS}
        assert proposal["round"] in ROUNDS
        assert proposal["merged_into"] in {None, *PROPOSALS}
        assert proposal["related_delivery"] in {None, *DELIVERIES}
        assert set((proposal["rejection"] or {}).get("reasons", ())) <= reasons
        assert {a["department"] for a in proposal["assessments"]} <= departments
    for delivery in DELIVERIES.values():
        assert delivery["department"] in departments
        assert delivery["neighbourhood"] in {None, *NEIGHBOURHOODS}
        assert {delivery["parent"], delivery["same_as"]} <= {None, *DELIVERIES}
    for department in load("departments.json"):
        assert department["parent"] in {None, *departments}
        assert set(department["analyses"]) <= categories
    for person in PEOPLE.values():
        assert person["neighbourhood"] in {None, *NEIGHBOURHOODS}
        assert person.get("department") in {None, *departments}
    for item in load("news.json"):
        assert item["round"] in ROUNDS
    for item in load("organisations.json"):
        assert {item["author"], *item["spokespeople"]} <= set(PEOPLE)
        assert set(item["areas"]) <= set(NEIGHBOURHOODS)
    assert {p for r in ROUNDS.values() for pot in r["pots"] if (p := pot["programme"])} <= programmes


def test_everyone_who_signs_is_a_person_of_the_demo():
    signers = set()
    for proposal in PROPOSALS.values():
        signers |= {proposal["author"], *proposal["co_authors"]}
        signers |= {h["by"] for h in proposal["history"]} | {a["by"] for a in proposal["assessments"]}
        if proposal["request"]:
            signers.add(proposal["request"]["by"])
        for comment in proposal["comments"]:
            signers |= {comment["author"], *(reply["author"] for reply in comment["replies"])}
    assert signers <= set(PEOPLE)


def test_money_is_positive_with_two_decimals():
    amounts = [p["cost"] for p in (*PROJECTS.values(), *PROPOSALS.values()) if p["cost"]]
    amounts += [d["value"] for d in DELIVERIES.values() if d["value"]]
    amounts += [pot["amount"] for r in ROUNDS.values() for pot in r["pots"]]
    amounts += [r[key] for r in ROUNDS.values() for key in ("min_cost", "max_cost")]
    assert len(amounts) > 200
    for amount in amounts:
        assert re.fullmatch(r"\d+\.\d\d", amount)
        assert Decimal(amount) > 0


# --- places


def test_twenty_neighbourhoods_hold_their_own_point_and_no_other():
    assert len(NEIGHBOURHOODS) == 20
    drawn = {slug: place["shape"] for slug, place in NEIGHBOURHOODS.items()}
    for slug, place in NEIGHBOURHOODS.items():
        assert [s for s, shape in drawn.items() if shapes.contains(shape, (place["lon"], place["lat"]))] == [
            slug
        ]
        assert place["slug"] == derive.slug(place["name"])
        assert place["population"] is None


def test_the_city_is_one_piece():
    """Every neighbourhood shares a stretch of border with another, and all are reached from one."""
    corners = {slug: set(shapes.outer_ring(place["shape"])) for slug, place in NEIGHBOURHOODS.items()}
    reached, waiting = set(), ["obor"]
    while waiting:
        slug = waiting.pop()
        reached.add(slug)
        waiting += [s for s in corners if s not in reached and len(corners[s] & corners[slug]) >= 2]
    assert reached == set(NEIGHBOURHOODS)


def test_only_the_two_zones_the_report_calls_marginalised_are_vulnerable():
    assert {s for s, place in NEIGHBOURHOODS.items() if place["vulnerable"]} == {"baicului", "tei-toboc"}


# --- the city's works


def test_all_works_of_the_report_are_there():
    assert len(DELIVERIES) == 237
    assert {d["status"] for d in DELIVERIES.values()} <= DELIVERY_STATUSES
    for delivery in DELIVERIES.values():
        assert (
            (delivery["value"] is None) == (delivery["currency"] is None) == (delivery["value_basis"] is None)
        )
        assert re.fullmatch(r"\d{3}:\d+(-\d+)?(;\d{3}:\d+(-\d+)?)*", delivery["source"])


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("Parc Tei", "tei"),
        ("str. Paroșeni nr. 26, Tei Toboc", "tei-toboc"),
        ("Bd. Basarabia nr. 222, bl. m14", "basarabia"),
        ("Liceul Tehnologic Sfântul Pantelimon", None),
        ("Școala Gimnazială Iancului", None),
        ("râul Colentina", None),
        ("Șos. Petricani, malul lacului Plumbuita, lacul Valea Saulei", None),
        ("", None),
    ],
)
def test_a_place_gives_a_neighbourhood_only_when_it_names_one(place, expected):
    assert derive.neighbourhood_of(place) == expected


@pytest.mark.shared_data
def test_derived_files_repeat_byte_for_byte(tmp_path, monkeypatch):
    tables = SHARED / "municipal"
    if not tables.is_dir():
        pytest.skip(f"no reference data at {tables}")
    monkeypatch.setattr(derive, "DATA", tmp_path)
    derive.main(str(tables))
    for name in ("neighbourhoods.json", "deliveries.json"):
        assert (tmp_path / name).read_bytes() == (DATA / name).read_bytes()


# --- projects


@pytest.mark.parametrize("project", PROJECTS.values(), ids=lambda p: p["id"])
def test_a_project_is_told_in_two_to_four_sentences(project):
    assert 2 <= len(sentences(project["summary"])) <= 4
    assert 80 < len(project["summary"]) < 480
    assert len(project["title"]) <= 80
    assert not project["title"].endswith(".")


def test_no_two_texts_are_alike():
    texts = [p["summary"] for p in PROJECTS.values()]
    texts += [f"{p['problem']} {p['idea']}" for p in PROPOSALS.values() if not p["project"]]
    words = [frozenset(re.findall(r"\w{4,}", text.lower())) for text in texts]
    for (i, a), (j, b) in itertools.combinations(enumerate(words), 2):
        assert len(a & b) / min(len(a), len(b)) < 0.6, (texts[i], texts[j])
    titles = [p["title"] for p in PROJECTS.values()] + [
        p["title"] for p in PROPOSALS.values() if not p["project"]
    ]
    for a, b in itertools.combinations(titles, 2):
        assert difflib.SequenceMatcher(None, a, b).quick_ratio() < 0.95 or a[:12] != b[:12], (a, b)
        assert a != b


# --- proposals


def test_every_example_is_used_once_and_every_state_occurs():
    assert Counter(p["example"] for p in PROPOSALS.values() if p["example"]) == {
        f"PR-{n:02d}": 1 for n in range(1, 41)
    }
    assert {p["state"] for p in PROPOSALS.values()} == PROPOSAL_STATES
    assert len(PROPOSALS) >= 60
    assert {p["channel"] for p in PROPOSALS.values()} == {"online", "desk", "paper"}


@pytest.mark.parametrize("proposal", PROPOSALS.values(), ids=lambda p: p["id"])
def test_a_proposal_took_allowed_steps_in_order(proposal):
    days = [h["day"] for h in proposal["history"]]
    assert days == sorted(days)
    assert days[-1] <= 0
    before = None
    for entry in proposal["history"]:
        assert entry["state"] in STEPS[before]
        before = entry["state"]
    assert before == proposal["state"]
    phases = {p["kind"]: p for p in ROUNDS[proposal["round"]]["phases"]}
    if proposal["state"] != "draft":
        assert phases["submission"]["start_day"] <= days[0] <= phases["submission"]["end_day"]
    decided = [h["day"] for h in proposal["history"] if h["state"] in {"eligible", "rejected"}]
    assert all(phases["analysis"]["start_day"] <= day <= phases["appeals"]["end_day"] for day in decided)


@pytest.mark.parametrize("proposal", PROPOSALS.values(), ids=lambda p: p["id"])
def test_a_proposal_carries_what_its_state_needs(proposal):
    passed = [h["state"] for h in proposal["history"]]
    assert ("rejected" in passed) == bool(proposal["rejection"])
    assert ("needs_changes" in passed) == bool(proposal["request"])
    assert ("appealed" in passed) == bool(proposal["appeal"])
    assert (proposal["state"] == "merged") == bool(proposal["merged_into"])
    assert (proposal["state"] in {"admitted", "winner", "reserve"}) == bool(proposal["project"])
    assert proposal["state"] == "draft" or (proposal["cost"] and proposal["problem"] and proposal["idea"])
    if appeal := proposal["appeal"]:
        outcome = {"eligible": "upheld", "rejected": "dismissed", "appealed": "pending"}
        state_after = passed[passed.index("appealed") + 1 :] or ["appealed"]
        assert appeal["outcome"] == outcome[state_after[0]]
        assert (
            (appeal["outcome"] == "pending")
            == (appeal["decision"] is None)
            == (appeal["decided_day"] is None)
        )
        judges = [
            h["by"] for h, n in itertools.pairwise(reversed(proposal["history"])) if n["state"] == "appealed"
        ]
        assert all(PEOPLE[key]["department"] == "comisia-contestatii" for key in judges)
    if proposal["merged_into"]:
        assert PROPOSALS[proposal["merged_into"]]["round"] == proposal["round"]
        assert PROPOSALS[proposal["merged_into"]]["state"] != "merged"


def test_reports_are_signed_by_someone_of_that_department():
    for proposal in PROPOSALS.values():
        for assessment in proposal["assessments"]:
            assert PEOPLE[assessment["by"]]["department"] == assessment["department"]
            assert assessment["verdict"] in {"favourable", "conditional", "unfavourable"}
            assert assessment["by"] not in {proposal["author"], *proposal["co_authors"]}


def test_an_admitted_proposal_and_its_project_agree():
    linked = [p for p in PROPOSALS.values() if p["project"]]
    assert len(linked) >= 10
    for proposal in linked:
        project = PROJECTS[proposal["project"]]
        assert project["proposal"] == proposal["id"]
        for key in ("title", "cost", "category", "neighbourhood"):
            assert project[key] == proposal[key]


def test_comments_come_after_the_proposal_and_replies_after_comments():
    with_replies = 0
    for proposal in PROPOSALS.values():
        for comment in proposal["comments"]:
            assert proposal["history"][0]["day"] <= comment["day"] <= 0
            days = [comment["day"], *(reply["day"] for reply in comment["replies"])]
            assert days == sorted(days)
            assert days[-1] <= 0
            with_replies += bool(comment["replies"])
    assert with_replies >= 20
    said = [c["text"] for p in PROPOSALS.values() for c in p["comments"]]
    assert len(said) == len(set(said))


def test_every_reason_for_rejection_is_shown_at_work():
    used = {reason for p in PROPOSALS.values() for reason in (p["rejection"] or {}).get("reasons", ())}
    assert used == slugs("rejection_reasons.json")


# --- people


def test_there_is_an_account_for_each_role():
    accounts = [person for person in PEOPLE.values() if person["login"]]
    assert {person["role"] for person in accounts} == {"resident", *Role}
    assert sum(person["verification"] is not None for person in accounts) == 3
    for person in PEOPLE.values():
        assert person["role"] in {"resident", *Role}
        assert person["verification"] in {None, "desk", "letter", "roeid"}
        assert (person["role"] == "resident") == (person["neighbourhood"] is not None)
        assert person["role"] != "evaluator" or person["department"]


def test_proposers_are_old_enough_for_their_programme():
    programmes = {p["slug"]: p for p in load("programmes.json")}
    written_on = date(2026, 11, 21)
    for proposal in PROPOSALS.values():
        born = date.fromisoformat(PEOPLE[proposal["author"]]["birth_date"])
        age = (written_on - born).days / 365.25
        limits = programmes[proposal["programme"]]
        assert limits["min_age"] <= age
        assert limits["max_age"] is None or age < limits["max_age"] + 1


# --- both languages


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_what_has_english_has_romanian_beside_it(path):
    for item in json.loads(path.read_text(encoding="utf-8"))["items"]:
        for key in [k for k in item if k.endswith("_en")]:
            assert item[key]
            assert item[key.removesuffix("_en")]
            assert len(item[key]) < 12 or item[key] != item[key.removesuffix("_en")]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("000:7", "Raportul de activitate al Sectorului 2 pe anul 2024, rândul 7"),
        ("000:184-189", "Raportul de activitate al Sectorului 2 pe anul 2024, rândurile 184–189"),
        ("000:12;000:40-42", "Raportul de activitate al Sectorului 2 pe anul 2024, rândurile 12 și 40–42"),
    ],
)
def test_a_source_reads_as_words(code: str, words: str) -> None:
    assert source_words(code) == words


def test_every_source_names_a_known_document() -> None:
    for delivery in DELIVERIES.values():
        assert source_words(delivery["source"]).startswith("Raportul")
