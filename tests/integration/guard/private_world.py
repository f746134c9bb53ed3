"""A small city in which one resident owns one of everything private, and the people who should not get at it."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from secrets import token_hex
from typing import Any

from sqlalchemy import select

from civic import clock
from civic.accounts import tokens
from civic.accounts.models import Account, RoleGrant
from civic.accounts.verifying.models import LetterBatch
from civic.actor import SYSTEM
from civic.content import service as content
from civic.content.models import SiteNotice
from civic.deadlines import queries as deadlines
from civic.deadlines.models import BridgeDay
from civic.extensions import db
from civic.files import service as files
from civic.files.storage import get_storage
from civic.moderation import service as moderation
from civic.moderation.appeals import service as appeals
from civic.moderation.appeals.models import Statement
from civic.moderation.rules import Decision, Why
from civic.moderation.suspensions import service as suspensions
from civic.notifications import compose
from civic.organisations import members as organisation_members
from civic.organisations import queries as organisations
from civic.organisations.models import Organisation, OrganisationInvitation, OrganisationMember
from civic.rounds.models import BallotGroup, Phase, Pot, Round, RoundDocument
from civic.tasks import Task
from civic.tracker import service as tracker
from civic.tracker.funds import service as funds
from civic.tracker.models import Milestone
from consultations import file_service
from consultations.contributions import answering, letters, parsing, themes
from consultations.contributions.answering import Words
from consultations.contributions.models import Attachment
from consultations.questionnaires import patterns
from consultations.questionnaires import service as questionnaires
from consultations.questionnaires.service import Settings
from proposals.evaluation import service as evaluation
from proposals.evaluation.models import Appeal, RejectionReason
from proposals.models import ProposalFile
from proposals.rules import State
from tests.consultations_support import make_consultation
from tests.factories import (
    NOON,
    make_account,
    make_category,
    make_department,
    make_neighbourhood,
    make_resident,
    save,
)
from tests.integration.consultations.debatekit import make_debate, make_speaker
from tests.integration.consultations.registerkit import make_entry
from tests.integration.guard.agora_world import debates
from tests.integration.guard.draft_world import drafts
from tests.integration.guard.initiative_world import initiatives
from tests.integration.guard.meeting_world import meetings
from tests.integration.guard.money_world import money
from tests.integration.moderation.casekit import hide_comment, suspend
from tests.integration.organisations import orgkit
from tests.integration.proposals.makers import actor_of, make_proposal
from tests.integration.proposals.test_comments import make_comment
from tests.integration.proposals.test_evaluation import in_analysis, rejected
from tests.uploads import image_upload, pdf_upload
from voting.complaints.models import IdentityComplaint
from voting.custody.models import Custody, CustodyKey
from voting.models import ExclusiveSet, Project, ResultContest, RollEntry
from voting.nightly.models import Witness
from voting.paper.models import PaperBallot, PaperBatch, PaperRun
from voting.questions.models import Question
from voting.sampling.models import DeclarationSample, SampleCase

#: Stands in every private text: a page that shows it has told.
SECRET = "Zimbrul-albastru-7781"

#: Who knocks at every door. The colleague evaluates for the department concerned, the evaluator for another.
VISITORS = (
    "stranger", "owner", "neighbour", "moderator", "evaluator", "colleague", "clerk", "staff", "auditor",
    "administrator",
)  # fmt: skip


@dataclass
class World:
    """What there is, by name."""

    accounts: dict[str, Account] = field(default_factory=dict)
    ids: dict[str, Any] = field(default_factory=dict)
    #: the accounts' numbers, which outlive the session that made them
    numbers: dict[str, int] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.ids[name]


def _round(slug: str, *, public: bool, phase: str = "submission", content: str = "projects") -> Round:
    now = clock.now()
    name = "Ediția deschisă" if public else f"Ediția {SECRET}"
    made = Round(slug=slug, name=name, content=content, created_at=NOON)
    made.published_at = NOON if public else None
    made.phases = [Phase(kind=phase, starts_at=now - timedelta(days=9), ends_at=now + timedelta(days=9))]
    made.pots = [Pot(name="Oraș", amount=Decimal(1000), position=0)]
    made.groups = [
        BallotGroup(name="Grupa întâi", ballot_kind="approval", max_choices=2, min_choices=0, position=0)
    ]
    return save(made)


def _project(round_: Round, code: str) -> Project:
    return save(
        Project(
            round_id=round_.id,
            pot_id=round_.pots[0].id,
            group_id=round_.groups[0].id,
            code=code,
            title=f"Proiect {code}",
            cost=Decimal(100),
        )
    )


def _document(round_: Round, account: Account) -> RoundDocument:
    stored = files.store_upload(image_upload(), "image", actor_of(account), clock.now())
    return save(
        RoundDocument(round_id=round_.id, kind="minutes", title="Minută", file_id=stored.id, added_at=NOON)
    )


def _people(world: World) -> None:
    own, other = make_department("Direcția proprie"), make_department("Altă direcție")
    world.accounts.update(
        owner=make_resident(),
        neighbour=make_resident(),
        moderator=make_account("moderator"),
        evaluator=make_account("evaluator", department=other),
        colleague=make_account("evaluator", department=own),
        clerk=make_account("clerk"),
        staff=make_account("staff"),
        auditor=make_account("auditor"),
        administrator=make_account("administrator"),
    )
    helper = make_account("clerk")
    grant = db.session.query(RoleGrant).filter_by(account_id=helper.id).one()
    world.ids.update(department=own, other_department=other, helper=helper.id, grant=grant.id)


def _proposals(world: World) -> None:
    owner, now = world.accounts["owner"], clock.now()
    texts = {"title": SECRET, "problem": SECRET, "idea": SECRET}
    draft = make_proposal(State.DRAFT, owner, **texts)
    waiting = make_proposal(State.SUBMITTED, owner, **texts)
    hidden = make_proposal(State.HIDDEN, owner, **texts)
    published = make_proposal(State.PUBLISHED, owner)
    elsewhere = make_proposal(State.PUBLISHED)
    case = moderation.open_case("proposal", waiting.id, Why.NEW, now)
    decided = moderation.open_case("proposal", make_proposal(State.SUBMITTED, owner).id, Why.NEW, now)
    moderation.decide(
        actor_of(world.accounts["moderator"]),
        decided.id,
        Decision.HIDE,
        now,
        reason_code="spam",
        batch="stroke",
    )
    _due_process(world, decided.id)
    analysed, [part] = in_analysis(world["department"], author=owner)
    refused, _evaluator = rejected(owner)
    contested, _evaluator = rejected(owner)
    evaluation.file_appeal(actor_of(owner), contested.id, "Nu e drept.", clock.now())
    db.session.commit()
    appeal = db.session.query(Appeal).filter_by(proposal_id=contested.id).one()
    held = make_comment(published, owner, state="held", body=SECRET)
    covered = make_comment(published, owner, state="hidden", body=SECRET)
    kept_files = {}
    for name, proposal in (("draft", draft), ("waiting", waiting)):
        stored = files.store_upload(image_upload(), "image", actor_of(owner), now)
        save(ProposalFile(proposal_id=proposal.id, file_id=stored.id, kind="image"))
        kept_files[f"{name}_file"] = stored.id
    reason = db.session.query(RejectionReason).first()
    world.ids.update(
        draft=draft.id, waiting=waiting.id, hidden=hidden.id, published=published.id, elsewhere=elsewhere.id,
        case=case.id, decided_case=decided.id, analysed=analysed.id, part=part.id, refused=refused.id, appeal=appeal.id, held=held.id,
        covered=covered.id, reason=reason.id if reason else 0, **kept_files,
    )  # fmt: skip


def _due_process(world: World, decided_case: int) -> None:
    """Decisions that are contested, and suspensions, of people who knock at no door."""
    now, first, other = clock.now(), make_account("moderator"), make_account()
    statement = db.session.scalar(select(Statement).where(Statement.case_id == decided_case))
    assert statement is not None
    _comment, contested = hide_comment(other, first)
    appeal = appeals.appeal_against_text(actor_of(other), contested.id, "Nu e așa.", now)
    running = suspend(make_account())
    _comment, grounded = hide_comment(make_account(), first)
    _comment, ground = hide_comment(make_account(), first)
    proposed = suspensions.propose(actor_of(first), ground.case_id, SECRET, 7, now)
    world.ids.update(
        statement=statement.id, contested_decision=appeal.id, suspension=running.id,
        grounded_case=grounded.case_id, proposed_suspension=proposed.id,
    )  # fmt: skip


def _city_hall(world: World) -> None:
    staff, now = world.accounts["staff"], clock.now()
    texts = {"ro": {"title": SECRET, "summary": SECRET, "body": SECRET}}
    news = content.save_news(SYSTEM, None, 0, texts, NOON)
    content.save_page(
        SYSTEM, "contact", 0, {"ro": {"title": "Contact", "summary": "", "body": "Text."}}, NOON
    )
    notice = save(
        SiteNotice(texts={"ro": "Atenție"}, level="info", starts_at=NOON, ends_at=None, created_at=NOON)
    )
    plan, open_round = _round("in-lucru", public=False), _round("deschisa", public=True)
    first = make_delivery("Lucrarea 1")
    second = make_delivery("Lucrarea 2")
    milestones = []
    for delivery in (first, second):
        tracker.set_milestone(actor_of(staff), delivery, None, "Pas", date(2026, 5, 1), NOON)
        db.session.commit()
        milestones.append(db.session.query(Milestone).filter_by(delivery_id=delivery).one().id)
    paid = funds.add_payment(actor_of(staff), first, date(2026, 5, 1), Decimal(5), False, "", "", clock.now())
    revised = funds.revise_budget(
        actor_of(staff), first, date(2026, 5, 1), Decimal(2000), None, "HCL 1/2026", "Indexare.", clock.now()
    )
    stored = files.store_upload(pdf_upload(), "document", actor_of(staff), clock.now())
    paper = tracker.add_document(actor_of(staff), first, "Contract", stored.id, clock.now())
    eligible = make_proposal(State.ELIGIBLE, round_id=plan.id)
    task = save(Task(kind="demo", account_id=world.accounts["moderator"].id, created_at=now, message=SECRET))
    world.ids.update(
        news=news.id, notice=notice.id, plan=plan.id, open_round=open_round.id, task=task.id,
        document=_document(plan, staff).id, other_document=_document(open_round, staff).id,
        project=_project(plan, "P1").id, other_project=_project(open_round, "Q1").id, eligible=eligible.id,
        delivery=first, other_delivery=second, milestone=milestones[0], other_milestone=milestones[1],
        delivery_document=paper.id, payment=paid.id, revision=revised.id,
        category=make_category().slug, area=make_neighbourhood().slug, pot=plan.pots[0].id,
        set=save(ExclusiveSet(round_id=plan.id, name="Aceeași piață")).id,
        witness=save(Witness(round_id=plan.id, name="Ziarul", address="z@presa.ro", added_at=NOON)).id,
    )  # fmt: skip


def _votes(world: World) -> None:
    """What belongs to a vote: a holder's place, a complaint, a contest, paper, questions, a sample, letters."""
    now, open_round, plan = clock.now(), world["open_round"], world["plan"]
    owner, staff, clerk = (world.accounts[name] for name in ("owner", "staff", "clerk"))
    save(Custody(round_id=plan, kind="holders"))
    save(CustodyKey(round_id=plan, place=1, account_id=owner.id, name=SECRET, title="Notar"))
    deadline = deadlines.get_current("complaint.answer")
    complaint = save(
        IdentityComplaint(
            round_id=open_round, kind="other", account_id=owner.id, text=SECRET, filed_at=now, due_at=now,
            deadline_id=deadline.id,
        )
    )  # fmt: skip
    contest = save(ResultContest(round_id=open_round, filed_by_id=owner.id, text=SECRET, filed_at=now))
    batch = save(
        PaperBatch(
            round_id=open_round, label="Ghișeul 1", place="Primărie", opened_by_id=staff.id, opened_at=now,
            shut_by_id=staff.id, shut_at=now, marks=0,
        )
    )  # fmt: skip
    save(
        PaperBallot(round_id=open_round, serial=1, batch_id=batch.id, first_entry=b"x", first_by_id=clerk.id)
    )
    key = f"paper/1-{token_hex(8)}"
    get_storage().put(key, BytesIO(SECRET.encode()))
    run = save(
        PaperRun(
            round_id=open_round, first_serial=1, last_serial=5, language="ro", label="Oraș", codes=["Q1"],
            made_by_id=staff.id, made_at=now, key=key, size=len(SECRET),
        )
    )  # fmt: skip
    ballot = _round("intrebari", public=False, content="questions")
    other_ballot = _round("alte-intrebari", public=False, content="questions")
    question = save(Question(round_id=ballot.id, position=0, text=SECRET, kind="yes_no"))
    voter = world.accounts["neighbour"].person_id
    sample = save(DeclarationSample(round_id=open_round, seed="1", size=1, population=1, drawn_at=now))
    save(SampleCase(sample_id=sample.id, voter_id=voter, position=1))
    letters = save(LetterBatch(letters=1, made_at=now, made_by_id=clerk.id))
    world.ids.update(
        complaint=complaint.id, contest=contest.id, batch=batch.id, run=run.id, ballot=ballot.id,
        other_ballot=other_ballot.id, question=question.id, sample=sample.id, letters=letters.id,
        owner_person=owner.person_id,
    )  # fmt: skip


def _consultations(world: World) -> None:
    staff, now = actor_of(world.accounts["staff"]), clock.now()
    texts = {"title": f"Consultarea {SECRET}", "summary": SECRET, "send_to": SECRET, "responsible": SECRET}
    draft = make_consultation("draft", now, **texts)
    document = file_service.add_document(staff, draft.id, "study", f"Studiul {SECRET}", pdf_upload(), now)
    world.ids.update(
        consultation_draft=draft.id,
        consultation_document=document.id,
        consultation_open=make_consultation("open", now).id,
    )
    owner_id = world.accounts["owner"].id
    world.ids.update(drafts(draft.id, world["consultation_open"], owner_id, SECRET))
    db.session.commit()


def _questionnaires(world: World) -> None:
    """A consultation with a questionnaire in preparation, one that residents answer, and a debate; another debate."""
    staff, now = actor_of(world.accounts["staff"]), clock.now()
    consultation = make_consultation("open", now, department_id=world["department"].id)
    other = make_consultation("open", now, department_id=world["department"].id)
    asked = next(one.definition for one in patterns.patterns() if one.key == "satisfaction")
    texts = {"title": SECRET, "intro": SECRET}
    written = questionnaires.create(staff, consultation, Settings(**texts), asked, now)
    offered = questionnaires.create(
        staff, consultation, Settings(title="Parcul", keeps_groups=True), asked, now
    )
    questionnaires.publish(staff, offered, now)
    db.session.commit()
    world.ids.update(
        consultation=consultation.id, other_consultation=other.id, written=written.id, offered=offered.id
    )
    debate, going = make_debate(consultation), make_debate(other, "going")
    world.ids.update(
        debate=debate.id, speaker=make_speaker(debate).id, going=going.id, spoke=make_speaker(going).id
    )


def make_delivery(title: str) -> int:
    """A delivery; its id."""
    made = tracker.create_delivery(title, Decimal(1000), "RON", None, None, None, SYSTEM, NOON)
    db.session.commit()
    return made.id


def _organisations(world: World) -> None:
    """The owner's organisations: one that waits, one verified with another administrator, one nobody is left in."""
    owner = world.accounts["owner"]
    waits = orgkit.waiting(owner, name=f"Asociația {SECRET}", description=SECRET)
    ours = orgkit.verified(owner, name="Asociația proprie")
    left: Organisation = orgkit.verified(make_account(), name="Asociația părăsită")
    left.keeper_id, left.deserted_at = None, NOON
    db.session.flush()
    db.session.query(OrganisationMember).filter_by(organisation_id=left.id).delete()
    partner = orgkit.join(ours, "administrator")
    organisation_members.invite(
        actor_of(owner), ours.id, f"{SECRET}@civic.example", "spokesperson", "ro", clock.now()
    )
    db.session.commit()
    check = organisations.find_open_check(waits.id)
    world.ids.update(
        waits=waits.id, ours=ours.id, left=left.id, partner=partner.id, check=check.id if check else 0,
        invitation=db.session.query(OrganisationInvitation).one().id,
    )  # fmt: skip


def _register(world: World) -> None:
    """The register of a consultation: a text nobody has read yet, an answer being written, a letter."""
    department = world["department"].id
    one, other = (make_consultation("open", clock.now(), department_id=department) for _ in range(2))
    draft = make_consultation("draft", department_id=department)
    entry = make_entry(one, clock.now(), body=f"{SECRET} 0722 123 456")
    theme = themes.create(actor_of(world.accounts["staff"]), one.id, "Trotuarele", clock.now())
    words = Words("adopted", SECRET, author_function="Referent")
    answer = answering.save(actor_of(world.accounts["colleague"]), entry, words, 0, clock.now())
    answer = answering.submit(actor_of(world.accounts["colleague"]), answer.id, answer.version, clock.now())
    stored = files.store_upload(image_upload(), "image", SYSTEM, clock.now())
    attachment = save(Attachment(contribution_id=entry.id, name=SECRET, file_id=stored.id))
    mail = parsing.Mail("<1@x>", SECRET, "x@civic.example", (), SECRET, SECRET)
    letter = letters.take(mail, b"", clock.now(), clock.now())
    db.session.commit()
    world.ids.update(
        register=one.id, register_other=other.id, register_draft=draft.id, entry=entry.id, theme=theme.id,
        entry_answer=answer.id, attachment=attachment.id, contribution_letter=letter.id,
    )  # fmt: skip


def _links(world: World) -> None:
    """Links from letters: the owner's good ones, each at the door of another purpose, and a forged one."""
    owner = world.accounts["owner"]
    stop = compose.unsubscribe_token(owner.id, "proposal", world["elsewhere"])
    world.ids.update(
        reset_link=tokens.make_token(tokens.RESET, owner),
        confirm_link=tokens.make_token(tokens.CONFIRM, owner),
        email_link=tokens.make_token(tokens.CHANGE_EMAIL, owner, "nou@civic.example"),
        forged_stop=stop[:-3] + ("abc" if stop[-3:] != "abc" else "xyz"),
    )


def make_world() -> World:
    """Everything, committed."""
    world = World()
    _people(world)
    _proposals(world)
    _city_hall(world)
    _votes(world)
    _organisations(world)
    _consultations(world)
    _register(world)
    _questionnaires(world)
    world.ids.update(debates(world.accounts["owner"], SECRET))
    _links(world)
    world.ids.update(meetings(world.accounts["staff"], SECRET))
    world.ids.update(money(world.accounts["staff"], SECRET))
    world.ids.update(initiatives(world.accounts["owner"], world.accounts["staff"], SECRET))
    voter = world.accounts["neighbour"].person_id
    save(RollEntry(round_id=world["open_round"], voter_id=voter, pots=[]))
    world.ids["voter"] = voter
    day_off = clock.city_date(clock.now()) + timedelta(days=40)
    save(BridgeDay(day=day_off, reason="Hotărârea Guvernului", added_at=NOON))
    world.ids["day_off"] = day_off.isoformat()
    world.ids.update(department_slug=world["department"].slug, department_id=world["department"].id)
    world.numbers = {name: account.id for name, account in world.accounts.items()}
    db.session.commit()
    return world
