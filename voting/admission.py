"""From eligible proposals to projects on the ballot, and from winners to deliveries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from civic import audit, links
from civic.actor import SYSTEM, Actor
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.links import SubjectLink
from civic.rounds.models import Round
from civic.rounds.queries import group_facts
from civic.rounds.rules import groups_for_project
from civic.text import clean_line, clean_text, excerpt
from civic.tracker.service import create_delivery
from civic.unit_of_work import unit_of_work
from proposals import service as proposals
from proposals.models import Proposal
from proposals.queries import list_eligible
from proposals.rules import State
from voting.models import Project, ProjectOutcome

#: What the proposals call each standing.
PROPOSAL_OUTCOMES = {"winner": "winner", "reserve": "reserve", "not_selected": "not_funded"}
MAX_TITLE, MAX_SUMMARY = 200, 2000


@dataclass(frozen=True)
class ProjectText:
    """What staff freezes on the ballot."""

    title: str
    summary: str
    cost: Decimal
    pot_id: int
    group_id: int


def waiting_proposals(round_: Round) -> list[Proposal]:
    """Eligible proposals of the round that are not on its ballot yet."""
    if round_.asks:
        return []
    admitted = set(db.session.scalars(select(Project.proposal_id).where(Project.round_id == round_.id)).all())
    return [
        proposal
        for proposal in list_eligible(round_.id)
        if proposal.state == State.ELIGIBLE and proposal.id not in admitted
    ]


def suggestion(round_: Round, proposal: Proposal) -> ProjectText:
    """What the ballot would say of a proposal, its money and its part of the ballot chosen by area and domain."""
    pots = [pot for pot in round_.pots if pot.neighbourhood_id in (proposal.neighbourhood_id, None)]
    pots.sort(key=lambda pot: pot.neighbourhood_id is None)
    groups = groups_for_project(
        proposal.category_id, proposal.neighbourhood_id, [group_facts(group) for group in round_.groups]
    )
    group_id = groups[0].id if groups else (round_.groups[0].id if round_.groups else 0)
    return ProjectText(
        proposal.title[:MAX_TITLE],
        excerpt(proposal.idea, 400),
        proposal.cost or Decimal(0),
        pots[0].id if pots else (round_.pots[0].id if round_.pots else 0),
        group_id or 0,
    )


def _check(round_: Round, text: ProjectText) -> ProjectText:
    if round_.asks:
        raise Conflict(_("This is a ballot of questions: it takes no proposals."))
    if round_.frozen_at is not None:
        raise Conflict(_("The ballot was frozen when voting opened; its projects do not change any more."))
    title, summary = clean_line(text.title), clean_text(text.summary)
    if not title or len(title) > MAX_TITLE:
        raise Invalid(_("Write a title of at most %(most)s characters.", most=MAX_TITLE))
    if len(summary) > MAX_SUMMARY:
        raise Invalid(_("Write a summary of at most %(most)s characters.", most=MAX_SUMMARY))
    if text.pot_id not in {pot.id for pot in round_.pots}:
        raise Invalid(_("Choose the budget the project is paid from."))
    if text.group_id not in {group.id for group in round_.groups}:
        raise Invalid(_("Choose the part of the ballot the project stands in."))
    pot = next(pot for pot in round_.pots if pot.id == text.pot_id)
    if not 0 < text.cost <= pot.amount:
        raise Invalid(_("The cost must be over 0 and within the budget it is paid from."))
    return ProjectText(title, summary, text.cost, text.pot_id, text.group_id)


def admit_project(
    actor: Actor, round_: Round, proposal: Proposal, text: ProjectText, now: datetime
) -> Project:
    """Put an eligible proposal on the ballot, with the text and the cost that will be frozen.

    Raises Invalid or Conflict with the sentence for staff. Flushes.
    """
    text = _check(round_, text)
    if proposal.round_id != round_.id:
        raise Invalid(_("This proposal belongs to another round."))
    # Codes are handed out one by one: two admissions at once would take the same.
    db.session.get(Round, round_.id, with_for_update=True)
    project = Project(
        round_id=round_.id,
        pot_id=text.pot_id,
        group_id=text.group_id,
        proposal_id=proposal.id,
        code=next_code(round_.id),
        title=text.title,
        summary=text.summary,
        cost=text.cost,
        withdrawn=False,
        neighbourhood_id=proposal.neighbourhood_id,
        category_id=proposal.category_id,
        latitude=proposal.latitude,
        longitude=proposal.longitude,
        image_id=_first_image(proposal),
    )
    try:
        with db.session.begin_nested():
            db.session.add(project)
    except IntegrityError as error:
        raise Conflict(_("This proposal is on the ballot already.")) from error
    proposals.mark_admitted(proposal, actor, now)
    links.connect("proposal", proposal.id, "project", project.id)
    audit.record(actor, "project.admitted", "project", project.id, now, {"proposal": proposal.id})
    return project


def _first_image(proposal: Proposal) -> int | None:
    from proposals.models import ProposalFile

    return db.session.scalar(
        select(ProposalFile.file_id)
        .where(ProposalFile.proposal_id == proposal.id, ProposalFile.kind == "image")
        .order_by(ProposalFile.id)
        .limit(1)
    )


def next_code(round_id: int) -> str:
    """The next free code of a round: P01, P02, …; a code is never used twice."""
    count = (
        db.session.scalar(select(func.count()).select_from(Project).where(Project.round_id == round_id)) or 0
    )
    taken = set(db.session.scalars(select(Project.code).where(Project.round_id == round_id)))
    number = count + 1
    while f"P{number:02d}" in taken:
        number += 1
    return f"P{number:02d}"


def edit_project(actor: Actor, round_: Round, project: Project, text: ProjectText, now: datetime) -> None:
    """Change what the ballot says of a project, until it is frozen. Raises Invalid or Conflict."""
    text = _check(round_, text)
    project.title, project.summary, project.cost = text.title, text.summary, text.cost
    project.pot_id, project.group_id = text.pot_id, text.group_id
    db.session.flush()
    audit.record(
        actor, "project.edited", "project", project.id, now,
        {"cost": f"{text.cost:.2f}", "pot": text.pot_id, "group": text.group_id},
    )  # fmt: skip


# --- after the council's decision -----------------------------------------------------------------------


def rounds_without_deliveries() -> Sequence[int]:
    """Adopted rounds with a winner that is not tracked yet."""
    return db.session.scalars(
        select(Round.id)
        .join(ProjectOutcome, ProjectOutcome.round_id == Round.id)
        .outerjoin(
            SubjectLink,
            (SubjectLink.from_kind == "project")
            & (SubjectLink.from_id == ProjectOutcome.project_id)
            & (SubjectLink.to_kind == "delivery"),
        )
        .where(
            Round.kind == "city",
            Round.adopted_at.is_not(None),
            ProjectOutcome.standing == "winner",
            SubjectLink.id.is_(None),
        )
        .distinct()
    ).all()


def deliver_winners(round_id: int, now: datetime) -> int:
    """Tell every proposal what the vote decided and begin to track every winner. Twice is the same as once."""
    round_ = db.session.get_one(Round, round_id)
    rows = db.session.execute(
        select(ProjectOutcome, Project)
        .join(Project, Project.id == ProjectOutcome.project_id)
        .where(ProjectOutcome.round_id == round_id)
        .order_by(ProjectOutcome.position)
    ).all()
    made = 0
    for outcome, project in rows:
        if project.proposal_id is not None:
            proposals.mark_outcome(project.proposal_id, PROPOSAL_OUTCOMES[outcome.standing], now)
        if outcome.standing == "winner":
            delivery = create_delivery(
                project.title,
                project.cost,
                round_.currency,
                project.neighbourhood_id,
                project.category_id,
                ("project", project.id),
                SYSTEM,
                now,
                council_decision=round_.adopted_by,
            )
            links.connect("project", project.id, "delivery", delivery.id)
            made += 1
    return made


def deliver_due(now: datetime) -> int:
    """The job: do it for every round the council has adopted."""
    made = 0
    for round_id in rounds_without_deliveries():
        with unit_of_work():
            made += deliver_winners(round_id, now)
    return made


def state_of(round_: Round) -> str:
    """Where the vote of a round stands, as staff's page names it."""
    if round_.results_at is not None:
        return "published"
    if round_.closed_at is not None:
        return "closing"
    return "frozen" if round_.frozen_at is not None else "planning"
