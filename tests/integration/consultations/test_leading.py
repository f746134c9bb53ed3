"""A consultation from its draft to its outcome: what the law refuses, what everyone reads, what cannot be undone."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from civic import clock
from civic.accounts.models import Account
from civic.actor import Actor, Role
from civic.audit import AuditRecord
from civic.clock import city_date
from civic.deadlines import service as deadlines
from civic.deadlines.models import BridgeDay
from civic.errors import DomainError
from civic.extensions import db
from civic.format import day as format_day
from consultations import clocks, file_service, gates, queries, rules, service
from consultations.models import Consultation, ConsultationClock
from tests.consultations_support import make_consultation
from tests.factories import make_account, make_department, save
from tests.pageclient import PageClient
from tests.uploads import image_upload, pdf_upload


@pytest.fixture
def staff(client: PageClient) -> Account:
    account = make_account("staff", display_name="Simona Ionescu")
    client.sign_in(account)
    return account


def acting(account: Account) -> Actor:
    return Actor(id=account.id, roles=frozenset({Role.STAFF}))


def day(days: int) -> date:
    return city_date(clock.now()) + timedelta(days=days)


def typed(on: date) -> str:
    return f"{on:%d.%m.%Y}"


def draft(**changes: Any) -> dict[str, Any]:
    return {
        "kind": "draft_decision", "title": "Regulamentul parcurilor", "summary": "Cine și când.",
        "closes_on": typed(day(12)), "department_id": str(make_department().id), "dimension": "services",
        "neighbourhood_id": "", "responsible": "Ana Pop, referent", "send_to": "Registratura", **changes,
    }  # fmt: skip


def ready(staff: Account, last: int = 12, **changes: Any) -> Consultation:
    """A draft with everything it needs."""
    values = {"closes_on": day(last), **changes}
    one = make_consultation("draft", clock.now(), **values)
    for kind in rules.KINDS[one.kind].documents:
        file_service.add_document(acting(staff), one.id, kind, f"Document {kind}", pdf_upload(), clock.now())
    db.session.commit()
    return queries.get_consultation(one.id)


def announce_form(one: Consultation, opens_on: str = "") -> dict[str, str]:
    return {"announce_form-seen": str(one.version), "announce_form-opens_on": opens_on}


# --- refusals ----------------------------------------------------------------------------------------------


def test_a_draft_is_nothing_to_a_resident(client: PageClient) -> None:
    one = make_consultation("draft", clock.now())
    client.get("consultations.show", consultation_id=one.id, expect=404)
    client.sign_in(make_account())
    client.get("consultations.show", consultation_id=one.id, expect=404)
    client.get("staff_consultations.show", consultation_id=one.id, expect=403)
    assert one.title not in client.get("consultations.index").main_text


def test_one_that_is_too_short_is_refused_with_the_first_day_the_law_allows(
    client: PageClient, staff: Account
) -> None:
    one = ready(staff, last=7)
    page = client.post("staff_consultations.announce", announce_form(one), consultation_id=one.id, expect=422)
    assert "Oamenii ar avea 7 zile calendaristice." in page.main_text
    assert "Potrivit Legii nr. 52/2003, art. 7 alin. (4), trebuie cel puțin 10 zile" in page.main_text
    assert f"Ultima zi poate fi cel mai devreme {format_day(day(10))}." in page.main_text
    assert queries.get_consultation(one.id).announced_at is None


def test_a_later_opening_counts_from_itself(client: PageClient, staff: Account) -> None:
    one = ready(staff, last=12)
    client.post(
        "staff_consultations.announce", announce_form(one, typed(day(5))), consultation_id=one.id, expect=422
    )
    client.post(
        "staff_consultations.announce", announce_form(one, typed(day(2))), consultation_id=one.id, expect=303
    )
    assert (
        "Contribuțiile se primesc începând cu"
        in client.get("consultations.show", consultation_id=one.id).main_text
    )


def test_what_is_missing_is_said_all_at_once(client: PageClient, staff: Account) -> None:
    one = make_consultation("draft", clock.now(), closes_on=day(20), send_to="", responsible="", summary="")
    page = client.post("staff_consultations.announce", announce_form(one), consultation_id=one.id, expect=422)
    for sentence in (
        "Scrie despre ce este vorba", "Numește responsabilul", "Scrie unde se mai primesc contribuții",
        "Adaugă la dosar: textul proiectului", "Adaugă la dosar: referat de aprobare",
    ):  # fmt: skip
        assert sentence.lower() in page.main_text.lower()


def test_a_bad_day_keeps_what_was_typed(client: PageClient, staff: Account) -> None:
    page = client.post("staff_consultations.create", draft(closes_on="mâine", title="Titlul meu"), expect=422)
    assert "Scrie ziua" in page.main_text
    assert page.find("#closes_on").get("value") == "mâine"
    assert page.find("#title").get("value") == "Titlul meu"


def test_urgency_is_for_draft_decisions_alone(client: PageClient, staff: Account) -> None:
    page = client.post(
        "staff_consultations.create", draft(kind="survey", urgent_reason="Ne grăbim."), expect=422
    )
    assert "Numai un proiect de hotărâre poate fi urgent" in page.main_text


def test_two_editors_of_a_draft_do_not_overwrite_each_other(client: PageClient, staff: Account) -> None:
    one = make_consultation("draft", clock.now())
    changes = draft(title="Al doilea titlu", seen=str(one.version))
    client.post("staff_consultations.edit", changes, consultation_id=one.id, expect=303)
    page = client.post(
        "staff_consultations.edit", {**changes, "title": "Al treilea"}, consultation_id=one.id, expect=409
    )
    assert "Altcineva a schimbat asta" in page.main_text
    assert page.find("#title").get("value") == "Al treilea"
    assert queries.get_consultation(one.id).title == "Al doilea titlu"


def test_what_was_announced_is_neither_edited_nor_thrown_away(client: PageClient, staff: Account) -> None:
    one = make_consultation("open", clock.now())
    client.get("staff_consultations.edit", consultation_id=one.id, expect=303)
    page = client.post(
        "staff_consultations.edit", draft(title="Alt titlu"), consultation_id=one.id, expect=403
    )
    assert page.find("#title").get("value") == "Alt titlu", "what was typed is not lost"
    assert queries.get_consultation(one.id).title != "Alt titlu"
    client.post("staff_consultations.discard", consultation_id=one.id, expect=403)
    page = client.get("staff_consultations.show", consultation_id=one.id)
    assert "Aruncă ciorna" not in page.main_text


def test_an_end_never_moves_forward(client: PageClient, staff: Account) -> None:
    one = make_consultation("open", clock.now())
    form = {"extend_form-until": typed(day(3)), "extend_form-reason": "Ne-am răzgândit."}
    page = client.post("staff_consultations.extend", form, consultation_id=one.id, expect=422)
    assert "se poate prelungi, niciodată scurta" in page.main_text
    assert "Ne-am răzgândit." in page.text_of("#extend_form-reason")


def test_the_database_itself_refuses_a_shorter_one(client: PageClient, staff: Account) -> None:
    one = make_consultation("open", clock.now())
    with pytest.raises(IntegrityError, match="ck_consultation_long_enough"), db.session.begin_nested():
        db.session.execute(
            text(
                "UPDATE consultation SET closes_at = earliest_close_at - interval '1 second' WHERE id = :id"
            ),
            {"id": one.id},
        )


def test_no_act_is_adopted_before_its_working_days_are_over(client: PageClient, staff: Account) -> None:
    now = clock.now()
    one = make_consultation("reported", now, adopt_from=now + timedelta(days=3))
    form = {"ending_form-outcome": "adopted", "ending_form-act_number": "HCL 1/2027"}
    page = client.post("staff_consultations.conclude", form, consultation_id=one.id, expect=422)
    assert "legea îngăduie adoptarea începând cu" in page.main_text
    urgent = make_consultation(
        "reported", now, adopt_from=now + timedelta(days=3), urgent_reason="Inundații."
    )
    client.post("staff_consultations.conclude", form, consultation_id=urgent.id, expect=303)
    assert "Inundații." in client.get("consultations.show", consultation_id=urgent.id).main_text


def test_nothing_is_adopted_before_its_report(client: PageClient, staff: Account) -> None:
    one = make_consultation("answering", clock.now())
    form = {"ending_form-outcome": "adopted", "ending_form-act_number": "HCL 1/2027"}
    page = client.post("staff_consultations.conclude", form, consultation_id=one.id, expect=422)
    assert "Publică mai întâi raportul" in page.main_text


def test_an_ending_without_its_reason_is_refused(client: PageClient, staff: Account) -> None:
    one = make_consultation("reported", clock.now())
    form = {"ending_form-outcome": "rejected", "ending_form-reason": " "}
    page = client.post("staff_consultations.conclude", form, consultation_id=one.id, expect=422)
    assert "Scrie de ce: citește toată lumea." in page.main_text


# --- the report waits for the answers -----------------------------------------------------------------------


@pytest.fixture
def something_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "_GATES", [lambda _one, _now: ["O recomandare este fără răspuns."]])


@pytest.mark.usefixtures("something_open")
def test_a_report_waits_for_the_answers_or_says_why_not(client: PageClient, staff: Account) -> None:
    one = make_consultation("answering", clock.now())
    page = client.post("staff_consultations.publish_report", {}, consultation_id=one.id, expect=422)
    assert "O recomandare este fără răspuns." in page.main_text
    form = {"report_form-early_reason": "Ședința este mâine."}
    client.post("staff_consultations.publish_report", form, consultation_id=one.id, expect=303)
    page = client.get("consultations.show", consultation_id=one.id)
    assert "Raportul a fost publicat înainte să se răspundă la tot" in page.main_text
    assert "Ședința este mâine." in page.main_text


def test_a_report_is_not_published_while_people_still_write(client: PageClient, staff: Account) -> None:
    one = make_consultation("open", clock.now())
    page = client.post("staff_consultations.publish_report", {}, consultation_id=one.id, expect=409)
    assert "Raportul se publică după încheierea contribuțiilor" in page.main_text


# --- the road ----------------------------------------------------------------------------------------------


def test_from_the_draft_to_the_adopted_act(client: PageClient, staff: Account) -> None:
    client.post("staff_consultations.create", draft(), expect=303)
    one = db.session.scalars(select(Consultation)).one()
    for kind in ("draft", "justification"):
        form = {
            "document_form-kind": kind,
            "document_form-title": f"Doc {kind}",
            "document_form-file": pdf_upload(),
        }
        client.post("staff_consultations.add_document", form, consultation_id=one.id, expect=303)
    page = client.get("staff_consultations.show", consultation_id=one.id)
    assert "Anunțată azi, ultima zi poate fi cel mai devreme" in page.main_text
    assert "Înainte să poată fi anunțată" not in page.main_text
    db.session.refresh(one)
    client.post("staff_consultations.announce", announce_form(one), consultation_id=one.id, expect=303)

    page = client.get("consultations.show", consultation_id=one.id)
    assert "Poți contribui până" in page.main_text
    assert "potrivit Legii nr. 52/2003, art. 7 alin. (4)" in page.main_text
    assert "Vezi termenele și legea din care vin" in page.main_text
    told = client.get("consultations.announcement", consultation_id=one.id)
    assert "Anunț de consultare publică" in told.main_text
    assert "Registratura" in told.main_text

    form = {
        "announcement_form-channel": "premises", "announcement_form-place": "Avizierul din hol",
        "announcement_form-on": typed(day(0)), "announcement_form-proof": image_upload(),
    }  # fmt: skip
    client.post("staff_consultations.note_announcement", form, consultation_id=one.id, expect=303)
    assert "Avizierul din hol" in client.get("consultations.show", consultation_id=one.id).main_text

    form = {"extend_form-until": typed(day(20)), "extend_form-reason": "A cerut o asociație."}
    client.post("staff_consultations.extend", form, consultation_id=one.id, expect=303)
    assert "A cerut o asociație." in client.get("consultations.show", consultation_id=one.id).main_text

    clock.travel(timedelta(days=22))
    assert "Primăria răspunde până" in client.get("consultations.show", consultation_id=one.id).main_text
    client.post("staff_consultations.publish_report", {}, consultation_id=one.id, expect=303)
    clock.travel(timedelta(days=60))
    form = {"ending_form-outcome": "adopted", "ending_form-act_number": "HCL 41/2027"}
    client.post("staff_consultations.conclude", form, consultation_id=one.id, expect=303)
    page = client.get("consultations.show", consultation_id=one.id)
    assert "Adoptat: HCL 41/2027" in page.main_text
    noted = set(
        db.session.scalars(select(AuditRecord.event).where(AuditRecord.subject_kind == "consultation"))
    )
    assert noted >= {
        "consultation.created", "consultation.announced", "consultation.extended", "consultation.reported",
        "consultation.adopted",
    }  # fmt: skip


def test_late_answers_are_told_to_everyone(client: PageClient) -> None:
    now = clock.now()
    one = make_consultation("answering", now, answers_due_at=now - timedelta(days=3, hours=1))
    assert (
        "Răspunsurile întârzie cu 4 zile."
        in client.get("consultations.show", consultation_id=one.id).main_text
    )


def test_a_changed_rule_touches_no_consultation_that_runs(client: PageClient, staff: Account) -> None:
    one, now = ready(staff), clock.now()
    service.announce(acting(staff), one.id, one.version, None, now)
    before = db.session.get(Consultation, one.id).earliest_close_at
    terms = deadlines.Terms(20, "calendar", "law", "Legii nr. 1/2030", "Law 1/2030")
    key = "consultation.draft.recommendations"
    deadlines.change(acting(staff), key, 1, terms, "Legea s-a schimbat.", now)
    db.session.commit()
    assert db.session.get(Consultation, one.id).earliest_close_at == before
    page = client.get("consultations.show", consultation_id=one.id)
    assert "10 zile calendaristice" in page.main_text
    assert "Legii nr. 1/2030" not in page.main_text
    other = ready(staff, last=12, title="Altul")
    client.post("staff_consultations.announce", announce_form(other), consultation_id=other.id, expect=422)


def test_bridge_days_lengthen_the_wait_before_adoption(client: PageClient, staff: Account) -> None:
    now = clock.now()
    first = ready(staff)
    service.announce(acting(staff), first.id, first.version, None, now)
    adopt_from = db.session.get(Consultation, first.id).adopt_from
    bridge = next(on for on in (day(n) for n in range(1, 9)) if clock.is_working_day(on))
    save(BridgeDay(day=bridge, reason="Hotărârea Guvernului", added_at=now))
    second = ready(staff, title="Al doilea")
    service.announce(acting(staff), second.id, second.version, None, now)
    assert db.session.get(Consultation, second.id).adopt_from > adopt_from


def test_documents_keep_their_versions(client: PageClient, staff: Account) -> None:
    one = ready(staff)
    client.post("staff_consultations.announce", announce_form(one), consultation_id=one.id, expect=303)
    document = queries.list_documents(one.id)[0]
    where = {"consultation_id": one.id, "document_id": document.id}
    page = client.post("staff_consultations.renew_document", {"file": pdf_upload()}, **where, expect=422)
    assert "Scrie ce diferă față de versiunea dinainte." in page.main_text
    form = {"file": pdf_upload(), "note": "Articolul 3 are alt termen."}
    client.post("staff_consultations.renew_document", form, **where, expect=303)
    page = client.get("consultations.show", consultation_id=one.id)
    assert "2 versiuni" in page.main_text
    assert "Articolul 3 are alt termen." in page.main_text
    client.post("staff_consultations.remove_document", **where, expect=409)


def test_a_list_costs_the_same_however_long_it_is(client: PageClient, statements: list[str]) -> None:
    make_consultation("open", clock.now())
    client.sign_in(make_account())
    client.get("consultations.index")
    statements.clear()
    client.get("consultations.index")
    few = len(statements)
    for number in range(30):
        make_consultation("open", clock.now(), title=f"Consultarea {number}")
    statements.clear()
    client.get("consultations.index")
    assert len(statements) <= few


# --- no sequence of acts makes one shorter than its rule ------------------------------------------------------

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["announce", "extend", "edit", "wait", "report", "withdraw"]), st.integers(-5, 40)
    ),
    max_size=8,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=st.sampled_from(sorted(rules.KINDS)), last=st.integers(0, 40), steps=STEPS)
def test_no_sequence_of_acts_gives_people_less_time_than_the_rule(
    app: Any, kind: str, last: int, steps: list[tuple[str, int]]
) -> None:
    moment = datetime.fromisoformat("2026-03-02T10:00:00+00:00")
    staff = acting(make_account("staff"))
    one = make_consultation("draft", moment, kind=kind, closes_on=city_date(moment) + timedelta(days=last))
    for wanted in rules.KINDS[kind].documents:
        file_service.add_document(staff, one.id, wanted, wanted, pdf_upload(), moment)
    for step, number in steps:
        on = city_date(moment) + timedelta(days=number)
        try:
            with db.session.begin_nested():
                db.session.refresh(one)
                if step == "announce":
                    service.announce(staff, one.id, one.version, on if number % 2 else None, moment)
                elif step == "extend":
                    service.extend(staff, one.id, on, "motiv", moment)
                elif step == "edit":
                    changed = service.Draft(
                        kind, one.title, one.summary, one.dimension, one.department_id, None,
                        one.responsible, one.send_to, closes_on=on,
                    )  # fmt: skip
                    service.edit(staff, one.id, one.version, changed, moment)
                elif step == "report":
                    service.publish_report(staff, one.id, "", moment)
                elif step == "withdraw":
                    service.conclude(staff, one.id, service.Ending("withdrawn", "motiv"), moment)
        except DomainError:
            pass
        if step == "wait":
            moment += timedelta(days=abs(number))
        db.session.refresh(one)
        if one.announced_at is None:
            continue
        window = rules.KINDS[kind].window
        rule = (
            db.session.scalars(select(ConsultationClock).filter_by(consultation_id=one.id, key=window))
            .one()
            .version
        )
        assert one.opens_at is not None
        assert one.closes_at is not None
        assert clocks.days_given(one.opens_at, one.closes_at) >= rule.days
        if one.report_published_at is not None:
            assert one.report_published_at >= one.closes_at
