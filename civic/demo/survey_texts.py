"""What residents of the demo city wrote in the questionnaire of an ended consultation, under themes, and answered."""

from typing import Any

from sqlalchemy import delete

from civic.demo import consultations
from civic.demo.contributions import answer_story
from civic.demo.world import STAFF, World, items
from civic.extensions import db
from civic.tasks import Task
from civic.unit_of_work import unit_of_work
from consultations.contributions import answering, themes
from consultations.questionnaires import queries as questionnaires
from consultations.texts import hiding, jobs, queries, service
from consultations.texts.queries import Filters


def load_texts(world: World) -> None:
    """Register the texts of settled questionnaires; put them under the themes of the file, unless some are."""
    jobs.work(world.days.loaded_at)
    for item in items("questionnaires"):
        consultation = consultations.find(item["consultation"])
        if item["themes"] and consultation is not None and queries.standing(consultation.id).total:
            with unit_of_work():
                _group(world, consultation.id, item)
            jobs.compare({"consultation": consultation.id}, lambda _done, _total: None)
            with unit_of_work():
                _hide(world, consultation.id, item["hide"])
    with unit_of_work():
        # Nobody is written to about what happened before the city was loaded.
        db.session.execute(delete(Task).where(Task.kind == answering.TELL))


def _group(world: World, consultation_id: int, item: dict[str, Any]) -> None:
    standing = queries.standing(consultation_id)
    if standing.unthemed < standing.total:
        return
    actor, now = world.person(STAFF), world.days.loaded_at
    for told in item["themes"]:
        theme = themes.create(actor, consultation_id, told["title"], now)
        for words in told["words"]:
            service.put(actor, consultation_id, theme.id, Filters(text=words, state="unthemed"), now)
        if "answer" in told:
            answer_story(world, theme, told["answer"])


def _hide(world: World, consultation_id: int, told: dict[str, Any]) -> None:
    """One text in which somebody wrote what must not be shown."""
    lines = queries.list_lines(consultation_id, Filters(text=told["words"]))
    for line in lines.rows[:1]:
        one = questionnaires.get_questionnaire(consultation_id, line.questionnaire_id)
        hiding.hide(
            world.person(told["by"]), one, line.key, told["why"], told["reason"], world.days.loaded_at
        )
