"""Sending answers, and letting them through apart from who sent them. Nothing here writes to the audit record.

The answers of one person wait sealed. When at least ten wait, or the consultation has ended, a job opens them, writes
the marks of who answered sorted by mark, the answers under new random numbers sorted by number, and forgets what
waited: all in one transaction, so that neither order nor transaction number joins the two.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import IntegrityError

from civic import sealing
from civic.actor import Actor
from civic.clock import city_date
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.files.models import StoredFile
from civic.policy import enforce
from civic.rounds.rules import age_on
from consultations.questionnaires import drafts, holding, policy, queries, rules
from consultations.questionnaires.drafts import Sitting
from consultations.questionnaires.models import (
    Arrival,
    Follower,
    Questionnaire,
    QuestionnaireParticipation,
    Response,
)

PURPOSE = "questionnaire answers"
#: What the account of somebody who asked to be told is sealed for.
FOLLOWING = "questionnaire follower"
LOCK = 730114
#: First ages of the groups answers are told by.
AGES = (0, 18, 25, 35, 45, 55, 65)


class AnsweredBefore(Conflict):
    """Somebody whose answers stand already, online or on paper: the first ones count."""


def who_marks(questionnaire: Questionnaire, actor: Actor, sitting: Sitting | None = None) -> list[bytes]:
    """The marks under which this person's answers stand or would stand, online or on paper; answers sent now stand
    under the first. Empty when nothing says who it is."""
    if questionnaire.access == "anyone":
        return [_mark(questionnaire.id, f"code:{sitting.code}")] if sitting is not None else []
    if questionnaire.access == "verified":
        person = queries.find_person(actor.person_id) if actor.person_id is not None else None
        return marks_of_identity(questionnaire, person.identity_hash, person.id) if person else []
    if actor.id is None:
        return []
    return marks_of_account(questionnaire, actor.id, queries.find_email(actor.id))


def marks_of_identity(
    questionnaire: Questionnaire, identity_hash: bytes | None, person_id: int | None
) -> list[bytes]:
    """The marks of somebody known by the hash of a document, or by a record of those verified."""
    names = [f"identity:{identity_hash.hex()}"] if identity_hash is not None else []
    names += [f"person:{person_id}"] if person_id is not None else []
    return [_mark(questionnaire.id, name) for name in names]


def marks_of_account(questionnaire: Questionnaire, account_id: int | None, email: str | None) -> list[bytes]:
    """The marks of somebody known by an account, or by an e-mail address on paper."""
    names = [f"account:{account_id}"] if account_id is not None else []
    names += [f"email:{email}"] if email else []
    return [_mark(questionnaire.id, name) for name in names]


def _mark(questionnaire_id: int, who: str) -> bytes:
    return sealing.mark("questionnaire who", f"{questionnaire_id}:{who}")


def age_group(born: date | None, day: date) -> str:
    """The age group somebody is in on a day: "25-34", "65+"; empty when the birth date is not known."""
    if born is None:
        return ""
    age = age_on(born, day)
    at = max(place for place, first in enumerate(AGES) if age >= first)
    return f"{AGES[at]}+" if at == len(AGES) - 1 else f"{AGES[at]}-{AGES[at + 1] - 1}"


def send(
    actor: Actor,
    questionnaire: Questionnaire,
    sitting: Sitting,
    raw: rules.Raw,
    version: int,
    now: datetime,
    *,
    tell: bool = False,
) -> rules.Checked:
    """Receive the answers of somebody online. Returns them checked: with problems nothing was received.

    With `tell` the account is told the answer to its long texts; only then it stays, sealed, with them. Sending the
    same twice is the same as once. Raises NotAllowed, or Conflict when what is asked has changed.
    """
    marks = who_marks(questionnaire, actor, sitting)
    answered = queries.has_answered(questionnaire.id, marks)
    enforce(policy.can_answer(actor, questionnaire, answered, now))
    checked = rules.check_answers(questionnaire.asked, raw)
    if checked.problems:
        return checked
    if not checked.answers:
        raise Invalid(_("You have answered nothing yet: there is nothing to send."))
    _claim_files(questionnaire, actor, checked.answers, now)
    area, age = _groups(questionnaire, actor, now)
    _arrive(
        questionnaire,
        marks[0],
        version,
        {
            "channel": "online",
            "area": area,
            "age": age,
            "answers": checked.answers,
            "tell": actor.id if tell and can_be_told(questionnaire, checked.answers) else None,
        },
    )
    drafts.drop(sitting)
    return checked


def can_be_told(questionnaire: Questionnaire, answers: Mapping[str, Any]) -> bool:
    """Whether there is somebody to tell and something to be answered: an account, and a long text."""
    long = {item.key for item in questionnaire.asked.questions if item.kind == "long_text"}
    return questionnaire.access != "anyone" and bool(long & set(answers))


def send_paper(
    actor: Actor,
    questionnaire: Questionnaire,
    form_id: str,
    raw: rules.Raw,
    version: int,
    now: datetime,
    owner: Sequence[bytes] = (),
) -> rules.Checked:
    """Receive the answers of a sheet. `form_id` is random and the form's own: sent twice it is one sheet.

    Where every person answers once, `owner` are the marks of the sheet's author: raises AnsweredBefore when answers
    of theirs stand already, from whichever way.
    """
    enforce(policy.can_enter_paper(actor, questionnaire, now))
    if questionnaire.access != "anyone" and not owner:
        raise Invalid(_("Say whose sheet it is: every person answers once."))
    checked = rules.check_answers(on_paper(questionnaire.asked), raw)
    if checked.problems:
        return checked
    if not checked.answers:
        raise Invalid(_("The sheet is empty: there is nothing to enter."))
    marks = list(owner) or [_mark(questionnaire.id, f"paper:{form_id}")]
    if queries.has_answered(questionnaire.id, marks):
        if owner:
            raise AnsweredBefore(
                _("This person has answered already, online or on paper. The first answers count.")
            )
        return checked
    _arrive(
        questionnaire,
        marks[0],
        version,
        {"channel": "paper", "area": None, "age": "", "answers": checked.answers},
    )
    return checked


def note_twice(questionnaire: Questionnaire) -> None:
    """Count a sheet that was not entered, because its author had answered before; of whom is not kept."""
    db.session.execute(
        update(Questionnaire)
        .where(Questionnaire.id == questionnaire.id)
        .values(paper_twice=Questionnaire.paper_twice + 1)
    )


def on_paper(definition: rules.Definition) -> rules.Definition:
    """What a sheet of paper can ask: everything but files."""
    for item in definition.questions:
        if item.kind == "file":
            definition = definition.without_item(item.key)
    return definition


def _groups(questionnaire: Questionnaire, actor: Actor, now: datetime) -> tuple[int | None, str]:
    if not questionnaire.keeps_groups or actor.person_id is None:
        return None, ""
    person = queries.find_person(actor.person_id)
    if person is None:
        return None, ""
    return person.neighbourhood_id, age_group(person.birth_date, city_date(now))


def _claim_files(
    questionnaire: Questionnaire, actor: Actor, answers: Mapping[str, Mapping[str, Any]], now: datetime
) -> None:
    """Part the files of the answers from the account that stored them. Raises Invalid for a file not its own."""
    for answer in answers.values():
        if "file" not in answer:
            continue
        stored = queries.own_file(answer["file"], actor.id)
        mark = queries.find_answer_file(answer["file"])
        if stored is None or mark is None or mark.questionnaire_id != questionnaire.id:
            raise Invalid(_("Choose the file again."))
        mark.sent = True
        db.session.execute(
            update(StoredFile)
            .where(StoredFile.id == stored.id)
            .values(account_id=None, name=f"raspuns.{stored.name.rpartition('.')[2]}")
        )


def _arrive(questionnaire: Questionnaire, who: bytes, version: int, sent: dict[str, Any]) -> None:
    """The one row of an arrival; the database refuses a second of one person and one of another version."""
    statement = insert(Arrival).values(
        questionnaire_id=questionnaire.id, who=who, version=version, sealed=sealing.seal(PURPOSE, sent)
    )
    try:
        with db.session.begin_nested():
            db.session.execute(statement)
    except IntegrityError as error:
        name = getattr(getattr(error.orig, "diag", None), "constraint_name", "")
        if name == "ck_questionnaire_arrival_version":
            raise Conflict(
                _(
                    "The questionnaire was changed while you were answering. Your answers are kept: look through them and send again."
                )
            ) from error
        raise AnsweredBefore(_("You have already answered. Every person answers once.")) from error


# --- letting through ------------------------------------------------------------------------------------


def let_through(questionnaire_id: int, *, ended: bool) -> int:
    """Open what waits, when at least ten wait or the end has come; returns how many sets were let through.

    After the end both tables are written anew too, sorted, so that nothing tells which lot an answer came with.
    """
    db.session.execute(
        text("SELECT pg_advisory_xact_lock(:lock, :one)"), {"lock": LOCK, "one": questionnaire_id}
    )
    if not ended and queries.count_arrivals(questionnaire_id) < rules.lot(
        queries.count_responses(questionnaire_id)
    ):
        return 0
    waiting = db.session.execute(
        delete(Arrival)
        .where(Arrival.questionnaire_id == questionnaire_id)
        .returning(Arrival.who, Arrival.sealed)
    ).all()
    marks = [who for who, _sealed in waiting]
    opened = [_response(sealed) for _who, sealed in waiting]
    rows = [row for row, _account_id in opened]
    holding.hold_back(db.session.get_one(Questionnaire, questionnaire_id), rows)
    if ended:
        marks += db.session.scalars(
            delete(QuestionnaireParticipation)
            .where(QuestionnaireParticipation.questionnaire_id == questionnaire_id)
            .returning(QuestionnaireParticipation.who)
        ).all()
        _rewrite_responses(questionnaire_id, rows)
    else:
        _insert_responses(questionnaire_id, rows)
    _insert_followers(questionnaire_id, {row["id"]: account for row, account in opened if account})
    if marks:
        db.session.execute(
            insert(QuestionnaireParticipation),
            [{"questionnaire_id": questionnaire_id, "who": who} for who in sorted(marks)],
        )
    if ended:
        db.session.execute(
            update(Questionnaire).where(Questionnaire.id == questionnaire_id).values(settled=True)
        )
    return len(waiting)


def _response(sealed: bytes) -> tuple[dict[str, Any], int | None]:
    values = sealing.unseal(PURPOSE, sealed)
    row = {
        "id": secrets.token_bytes(16),
        "channel": values["channel"],
        "area": values["area"],
        "age": values["age"],
        "answers": values["answers"],
    }
    return row, values.get("tell")


def _insert_followers(questionnaire_id: int, asked: Mapping[bytes, int]) -> None:
    """Those who asked to be told, by the random numbers of their answers."""
    if asked:
        db.session.execute(
            insert(Follower),
            [
                {
                    "questionnaire_id": questionnaire_id,
                    "response": number,
                    "sealed": sealing.seal(FOLLOWING, {"account": asked[number]}),
                }
                for number in sorted(asked)
            ],
        )


def _insert_responses(questionnaire_id: int, rows: list[dict[str, Any]]) -> None:
    if rows:
        rows.sort(key=lambda row: row["id"])
        db.session.execute(insert(Response), [{"questionnaire_id": questionnaire_id, **row} for row in rows])


def _rewrite_responses(questionnaire_id: int, rows: list[dict[str, Any]]) -> None:
    """The last lot, and with it every answer once more, by number, in the database itself."""
    _insert_responses(questionnaire_id, rows)
    db.session.execute(
        text(
            "WITH gone AS (DELETE FROM questionnaire_response WHERE questionnaire_id = :one RETURNING *) "
            "INSERT INTO questionnaire_response SELECT * FROM gone ORDER BY id"
        ),
        {"one": questionnaire_id},
    )
