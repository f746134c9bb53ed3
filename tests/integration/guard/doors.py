"""Every address with an object in it: which private object is behind it, and who may pass.

A new route with an object in its address fails `test_every_address_with_an_object_is_on_the_list` until it stands
here: in DOORS with the object that is private behind it, or in PUBLIC with the reason why there is none.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.integration.guard.private_world import VISITORS, World

Values = Callable[[World], dict[str, Any]]


@dataclass(frozen=True)
class Door:
    """One object behind one route, by one method. `passes` are let through; everybody else is refused."""

    method: str
    rule: str
    what: str
    values: Values
    passes: tuple[str, ...] = ()
    data: Values = lambda _world: {}
    #: answers with its redirect although it does nothing
    quiet: bool = False

    @property
    def name(self) -> str:
        """What a failure calls it."""
        return f"{self.method} {self.rule} ({self.what})"

    @property
    def refused(self) -> tuple[str, ...]:
        """Those who must not pass."""
        return tuple(visitor for visitor in VISITORS if visitor not in self.passes)


#: Routes with an object in the address behind which nothing is private.
PUBLIC = {
    ("GET", "/deliveries/<int:delivery_id>"): "every delivery is public from its first day",
    ("GET", "/dev/mail/<name>"): "a first run without a mail server; production has no such page",
    ("GET", "/language/<code>"): "sets a cookie of one's own browser",
    ("GET", "/neighbourhoods/<slug>"): "every neighbourhood is public",
    ("GET", "/pages/<slug>"): "what is saved is published; there are no drafts of pages",
    ("GET", "/sitemap-<name>-<int:number>.xml"): "lists what is public",
}

EVALUATORS = ("evaluator", "colleague")
STAFF_AREA = ("moderator", *EVALUATORS, "clerk", "staff", "auditor", "administrator")
OVERSIGHT = ("staff", "auditor", "administrator")
ANALYSES = (*EVALUATORS, *OVERSIGHT)
CASES = ("moderator", *OVERSIGHT)
EDITORS = ("staff", "administrator")


def _at(**names: str) -> Values:
    """Values of the address by their names in the world; `=x` is the text x itself."""
    return lambda world: {
        key: name[1:] if name.startswith("=") else world[name] for key, name in names.items()
    }


def _account(who: str) -> Values:
    return lambda world: {"account_id": world.numbers[who]}


def _both(
    method_get: bool, rule: str, what: str, values: Values, passes: tuple[str, ...], data: Values
) -> list[Door]:
    doors = [Door("POST", rule, what, values, passes, data)]
    return [Door("GET", rule, what, values, passes), *doors] if method_get else doors


NOTHING: Values = lambda _world: {}  # noqa: E731


def _fixed(**data: Any) -> Values:
    return lambda _world: data


TEXT = {"title": "Alt titlu", "problem": "Alta", "idea": "Alta", "version": "99", "editor": "x"}
PROPOSAL = "/proposals/<int:proposal_id>"
DRAFT, WAITING = _at(proposal_id="draft"), _at(proposal_id="waiting")

PROPOSALS = [
    Door("GET", PROPOSAL, "draft", DRAFT, ("owner",)),
    Door("GET", PROPOSAL, "in moderation", WAITING, ("owner", *CASES)),
    Door("GET", PROPOSAL, "hidden", _at(proposal_id="hidden"), ("owner", *CASES)),
    Door("GET", f"{PROPOSAL}/appeal", "rejected", _at(proposal_id="refused"), ("owner",)),
    Door("POST", f"{PROPOSAL}/appeal", "rejected", _at(proposal_id="refused"), ("owner",), _fixed(text="Nu e așa.")),
    Door("GET", f"{PROPOSAL}/appeal", "draft", DRAFT),
    Door("POST", f"{PROPOSAL}/autosave", "draft", DRAFT, ("owner",), _fixed(**TEXT)),
    Door("POST", f"{PROPOSAL}/comments", "in moderation", WAITING, (), _fixed(body="Salut")),
    Door("POST", f"{PROPOSAL}/comments", "answer to a held comment", _at(proposal_id="published"), (),
         lambda world: {"body": "Salut", "parent": world["held"]}),
    Door("GET", f"{PROPOSAL}/comments/<int:comment_id>/reply", "held comment",
         _at(proposal_id="published", comment_id="held")),
    Door("GET", f"{PROPOSAL}/comments/<int:comment_id>/reply", "hidden comment",
         _at(proposal_id="published", comment_id="covered")),
    *_both(True, f"{PROPOSAL}/comments/<int:comment_id>/restore", "hidden comment",
           _at(proposal_id="published", comment_id="covered"), ("moderator",), _fixed(reason="Era bun.")),
    *_both(True, f"{PROPOSAL}/comments/<int:comment_id>/restore", "held comment",
           _at(proposal_id="published", comment_id="held"), (), _fixed(reason="Era bun.")),
    *_both(True, f"{PROPOSAL}/discard", "draft", DRAFT, ("owner",), NOTHING),
    *_both(True, f"{PROPOSAL}/edit", "draft", DRAFT, ("owner",), _fixed(**TEXT)),
    Door("POST", f"{PROPOSAL}/join", "another's proposal", _at(proposal_id="published"), ("owner",),
         lambda world: {"round": world["open_round"]}),
    Door("POST", f"{PROPOSAL}/join", "an edition not public", _at(proposal_id="published"), (),
         lambda world: {"round": world["plan"]}),
    Door("POST", f"{PROPOSAL}/restore", "hidden", _at(proposal_id="hidden"), ("moderator",), _fixed(reason="Era bun.")),
    Door("POST", f"{PROPOSAL}/withdraw", "in moderation", WAITING, ("owner",)),
    *_both(True, "/report/<kind>/<int:subject_id>", "in moderation", _at(kind="=proposal", subject_id="waiting"), (),
           _fixed(reason="spam")),
    *_both(True, "/report/<kind>/<int:subject_id>", "held comment", _at(kind="=comment", subject_id="held"), (),
           _fixed(reason="spam")),
    Door("POST", "/follows/<kind>/<int:subject_id>", "draft", _at(kind="=proposal", subject_id="draft")),
    Door("POST", "/follows/<kind>/<int:subject_id>", "in moderation", _at(kind="=proposal", subject_id="waiting")),
    Door("POST", "/follows/<kind>/<int:subject_id>", "round not public", _at(kind="=round", subject_id="plan")),
    Door("POST", "/follows/<kind>/<int:subject_id>/stop", "somebody else's", _at(kind="=proposal", subject_id="elsewhere"),
         quiet=True),
    Door("GET", "/files/<int:file_id>/<name>", "of a draft", _at(file_id="draft_file", name="=full"), ("owner",)),
    Door("GET", "/files/<int:file_id>/<name>", "in moderation", _at(file_id="waiting_file", name="=full"),
         ("owner", "moderator", *EVALUATORS, *OVERSIGHT)),
]  # fmt: skip

#: A link is good for the one thing it was sent for: at every other door it opens nothing.
LETTERS = [
    door
    for rule, token, data in (
        ("/account/email/<token>", "reset_link", {}),
        ("/account/email/<token>", "confirm_link", {}),
        ("/confirm/<token>", "reset_link", {"password": "parola de test 1"}),
        ("/confirm/<token>", "email_link", {"password": "parola de test 1"}),
        (
            "/reset-password/<token>",
            "confirm_link",
            {"password": "o parolă nouă 1", "again": "o parolă nouă 1"},
        ),
        (
            "/reset-password/<token>",
            "email_link",
            {"password": "o parolă nouă 1", "again": "o parolă nouă 1"},
        ),
        ("/follows/unsubscribe/<token>", "forged_stop", {"everything": "yes"}),
        ("/follows/unsubscribe/<token>", "reset_link", {"everything": "yes"}),
    )
    for door in _both(True, rule, token, _at(token=token), (), _fixed(**data))
]

PLAN = _at(slug="=in-lucru")
ROUNDS = [
    *(
        Door("GET", f"/rounds/<slug>{rest}", "round not public", PLAN)
        for rest in ("", "/plan.json", "/results", "/results.csv", "/results/code", "/results/codes.txt",
                     "/results/publication.zip", "/checkpoint", "/checkpoints", "/results/other-methods", "/vote", "/vote/review")
    ),
    Door("GET", "/rounds/<slug>/projects/<path:code>", "round not public", _at(slug="=in-lucru", code="=P1")),
    Door("GET", "/rounds/<slug>/results/<int:pot_id>.pb", "round not public", _at(slug="=in-lucru", pot_id="pot")),
    Door("GET", "/rounds/<slug>/checkpoints/<int:size>.txt", "round not public", _at(slug="=in-lucru", size="=1")),
    Door("POST", "/rounds/<slug>/checkpoints", "round not public", PLAN, (), _fixed(note="x")),
    Door("GET", "/rounds/<slug>/results.csv", "before the results", _at(slug="=deschisa")),
    *(
        Door("GET", f"/rounds/<slug>/{what}", "before the results", _at(slug="=deschisa"))
        for what in ("results/codes.txt", "results/publication.zip", "checkpoint")
    ),
    *(
        Door("POST", f"/rounds/<slug>/vote/{what}", "round not public", PLAN, (), _fixed(add="P1"))
        for what in ("cast", "choose", "dismiss")
    ),
    *_both(True, "/rounds/<slug>/results/contest", "round not public", PLAN, (), _fixed(text="Nu e drept.")),
    Door("POST", "/rounds/<slug>/results/code", "round not public", PLAN, (), _fixed(code="x")),
]  # fmt: skip

ADMIN, STAFF, CLERK, MODERATOR = ("administrator",), ("staff",), ("clerk",), ("moderator",)
NEIGHBOUR = _account("neighbour")
OTHER = "of another"
TRACKER = "/staff/deliveries/<int:delivery_id>"
STEP = f"{TRACKER}/milestones/<int:milestone_id>"
ROUND = "/staff/rounds/<int:round_id>"
PLANNED = _at(round_id="plan")
VOTER = _at(round_id="open_round", voter_id="voter")
ROLL = ("staff", "auditor")
MILESTONE = {"milestone-title": "Alt pas", "milestone-planned_on": "2026-06-01"}
PROJECT = {"title": "Alt titlu", "summary": "Altul", "cost": "200"}


def _project(world: World) -> dict[str, Any]:
    from civic.extensions import db
    from voting.models import Project

    one = db.session.get(Project, world["project"])
    return {**PROJECT, "pot_id": one.pot_id, "group_id": one.group_id}


CITY_HALL = [
    Door("GET", "/staff/accounts/<int:account_id>", "an account", NEIGHBOUR, ADMIN),
    Door("POST", "/staff/accounts/<int:account_id>/disable", "an account", NEIGHBOUR, ADMIN),
    Door("POST", "/staff/accounts/<int:account_id>/enable", "an account", NEIGHBOUR, ADMIN),
    Door("POST", "/staff/accounts/<int:account_id>/roles", "an account", NEIGHBOUR, ADMIN, _fixed(role="administrator")),
    Door("POST", "/staff/accounts/<int:account_id>/roles/<int:grant_id>/withdraw", "a grant",
         _at(account_id="helper", grant_id="grant"), ADMIN),
    Door("POST", "/staff/accounts/<int:account_id>/roles/<int:grant_id>/withdraw", f"a grant {OTHER} account",
         lambda world: {"account_id": world.numbers["staff"], "grant_id": world["grant"]}),
    *_both(True, "/staff/appeals/<int:appeal_id>", "an appeal", _at(appeal_id="appeal"), ANALYSES, NOTHING)[:1],
    Door("POST", "/staff/appeals/<int:appeal_id>", "an appeal", _at(appeal_id="appeal"), STAFF,
         _fixed(outcome="upheld", reason="Are dreptate.", estimate="100")),
    *_both(True, "/staff/city/categories/<slug>", "a domain", _at(slug="category"), ADMIN, _fixed(name_ro="Altul")),
    *_both(True, "/staff/city/departments/<slug>", "a department",
           _at(slug="department_slug"), ADMIN, _fixed(name="Alta")),
    *_both(True, "/staff/city/neighbourhoods/<slug>", "a neighbourhood", _at(slug="area"), ADMIN, _fixed(name="Altul")),
    *_both(True, "/staff/content/news/<int:news_id>", "a draft", _at(news_id="news"), EDITORS, _fixed(title_ro="Alta")),
    Door("POST", "/staff/content/news/<int:news_id>/publish", "a draft", _at(news_id="news"), EDITORS),
    Door("POST", "/staff/content/news/<int:news_id>/withdraw", "a draft", _at(news_id="news"), EDITORS),
    Door("GET", "/staff/content/news/<int:news_id>/history", "a draft", _at(news_id="news"), EDITORS),
    Door("POST", "/staff/content/news/<int:news_id>/restore/<int:number>", "a draft", _at(news_id="news", number="=1"),
         EDITORS, _fixed(seen="1")),
    Door("GET", "/news/<int:news_id>", "a draft", _at(news_id="news"), EDITORS),
    Door("POST", "/staff/content/notice/<int:notice_id>/end", "the notice", _at(notice_id="notice"), EDITORS),
    *_both(True, "/staff/content/pages/<slug>", "a page", _at(slug="=contact"), EDITORS, _fixed(title_ro="Alta")),
    Door("GET", "/staff/content/pages/<slug>/history", "a page", _at(slug="=contact"), EDITORS),
    Door("POST", "/staff/content/pages/<slug>/restore/<int:number>", "a page", _at(slug="=contact", number="=1"), EDITORS,
         _fixed(seen="1")),
    Door("POST", "/staff/content/pages/<slug>/restore/<int:number>", f"a version {OTHER} page",
         _at(slug="=privacy", number="=1"), (), _fixed(seen="1")),
    Door("GET", TRACKER, "a delivery", _at(delivery_id="delivery"), STAFF),
    Door("POST", f"{TRACKER}/details", "a delivery", _at(delivery_id="delivery"), STAFF, _fixed(**{"details-title": "Alta"})),
    Door("POST", f"{TRACKER}/status", "a delivery", _at(delivery_id="delivery"), STAFF,
         _fixed(**{"status-status": "halted", "status-reason": "Așa."})),
    Door("POST", f"{TRACKER}/spent", "a delivery", _at(delivery_id="delivery"), STAFF, _fixed(**{"spent-spent": "5"})),
    Door("POST", f"{TRACKER}/updates", "a delivery", _at(delivery_id="delivery"), STAFF, _fixed(**{"update-text": "Așa."})),
    Door("POST", f"{TRACKER}/milestones", "a delivery", _at(delivery_id="delivery"), STAFF, _fixed(**MILESTONE)),
    *_both(True, STEP, "a milestone", _at(delivery_id="delivery", milestone_id="milestone"), STAFF, _fixed(**MILESTONE)),
    Door("POST", f"{STEP}/remove", "a milestone", _at(delivery_id="delivery", milestone_id="milestone"), STAFF),
    *_both(True, STEP, f"a milestone {OTHER} delivery", _at(delivery_id="delivery", milestone_id="other_milestone"), (),
           _fixed(**MILESTONE)),
    Door("POST", f"{STEP}/remove", f"a milestone {OTHER} delivery",
         _at(delivery_id="delivery", milestone_id="other_milestone")),
    Door("GET", "/staff/deadlines/<key>", "a deadline", _at(key="=appeal.file"), STAFF_AREA),
    Door("POST", "/staff/deadlines/<key>", "a deadline", _at(key="=appeal.file"), EDITORS, _fixed(days="3")),
    Door("POST", "/staff/deadlines/<key>/verified", "a deadline", _at(key="=appeal.file"), EDITORS,
         _fixed(jurist="Ana", on="01.01.2026")),
    Door("GET", "/staff/desk/<int:account_id>", "a resident", NEIGHBOUR, CLERK),
    Door("POST", "/staff/desk/<int:account_id>/verify", "a resident", NEIGHBOUR, CLERK),
    Door("POST", "/staff/desk/<int:account_id>/area", "a resident", NEIGHBOUR, CLERK),
    *_both(True, "/staff/desk/<int:account_id>/vote", "a resident", NEIGHBOUR, CLERK, NOTHING),
    Door("GET", "/staff/evaluations/<int:evaluation_id>", "a department's", _at(evaluation_id="part"),
         ("colleague", *OVERSIGHT)),
    Door("POST", "/staff/evaluations/<int:evaluation_id>", "a department's", _at(evaluation_id="part"), ("colleague",),
         _fixed(result="eligible", estimate="100", **{f"{one}_verdict": "ok" for one in (
             "legal", "technical", "cost", "land", "running_cost")})),
    Door("GET", "/staff/moderation/<int:case_id>", "a case", _at(case_id="case"), CASES),
    Door("POST", "/staff/moderation/<int:case_id>", "a case", _at(case_id="case"), MODERATOR,
         _fixed(decision="publish", reason="other")),
    Door("POST", "/staff/rejection-reasons/<int:reason_id>", "a reason", _at(reason_id="reason"), STAFF),
    Door("GET", ROUND, "round not public", PLANNED, ANALYSES),
    Door("POST", f"{ROUND}/adopt", "round not public", PLANNED, STAFF, _fixed(decision="HCL 1", decision_date="01.01.2027")),
    *_both(True, f"{ROUND}/documents", "round not public", PLANNED, STAFF, _fixed(kind="minutes", title="x")),
    Door("POST", f"{ROUND}/documents/<int:document_id>/remove", "a document",
         _at(round_id="plan", document_id="document"), STAFF, _fixed(reason="Așa.")),
    Door("POST", f"{ROUND}/documents/<int:document_id>/remove", f"a document {OTHER} round",
         _at(round_id="plan", document_id="other_document"), (), _fixed(reason="Așa.")),
    *_both(True, f"{ROUND}/edit/<step>", "round not public", _at(round_id="plan", step="=basics"), STAFF,
           _fixed(name="Alta")),
    Door("POST", f"{ROUND}/extend", "round not public", PLANNED, STAFF,
         _fixed(kind="submission", ends_at="01.01.2027 10:00", reason="Așa.")),
    Door("POST", f"{ROUND}/publish", "round not public", PLANNED, STAFF),
    Door("GET", f"{ROUND}/vote", "round not public", PLANNED, STAFF_AREA),
    *_both(True, f"{ROUND}/vote/admit/<int:proposal_id>", "an eligible proposal",
           _at(round_id="plan", proposal_id="eligible"), STAFF, _project),
    *_both(True, f"{ROUND}/vote/admit/<int:proposal_id>", f"a proposal {OTHER} round",
           _at(round_id="open_round", proposal_id="eligible"), (), _project),
    Door("POST", f"{ROUND}/vote/prepare", "round not public", PLANNED, STAFF),
    Door("POST", f"{ROUND}/vote/close", "round not public", PLANNED, STAFF),
    *_both(True, f"{ROUND}/vote/projects/<int:project_id>", "a project", _at(round_id="plan", project_id="project"), STAFF,
           _project),
    *_both(True, f"{ROUND}/vote/projects/<int:project_id>", f"a project {OTHER} round",
           _at(round_id="plan", project_id="other_project"), (), _project),
    *_both(True, f"{ROUND}/vote/draw", "round not public", PLANNED, STAFF, _fixed(order="P1")),
    *_both(True, f"{ROUND}/vote/sets/new", "round not public", PLANNED, STAFF, _fixed(name="Alta")),
    *_both(True, f"{ROUND}/vote/sets/<int:set_id>", "a set", _at(round_id="plan", set_id="set"), STAFF,
           _fixed(name="Alta")),
    *_both(True, f"{ROUND}/vote/sets/<int:set_id>", f"a set {OTHER} round", _at(round_id="open_round", set_id="set"), (),
           _fixed(name="Alta")),
    Door("POST", f"{ROUND}/vote/sets/<int:set_id>/remove", "a set", _at(round_id="plan", set_id="set"), STAFF),
    Door("GET", f"{ROUND}/vote/witnesses", "addresses of witnesses", PLANNED, ROLL),
    Door("POST", f"{ROUND}/vote/witnesses", "round not public", PLANNED, STAFF, _fixed(name="Alta", address="a@presa.ro")),
    Door("POST", f"{ROUND}/vote/witnesses/<int:witness_id>/remove", "a witness",
         _at(round_id="plan", witness_id="witness"), STAFF),
    Door("POST", f"{ROUND}/vote/witnesses/<int:witness_id>/remove", f"a witness {OTHER} round",
         _at(round_id="open_round", witness_id="witness")),
    # Before the results the page says that it is too early, and takes no question.
    Door("GET", f"{ROUND}/vote/what-if", "before the results", _at(round_id="open_round"), ROLL),
    Door("POST", f"{ROUND}/vote/what-if", "before the results", _at(round_id="open_round"), (), _fixed(budget="5")),
    Door("GET", f"{ROUND}/vote/what-if/<int:task_id>", "before the results", _at(round_id="open_round", task_id="task")),
    Door("GET", f"{ROUND}/vote/contests", "contests", _at(round_id="open_round"), ANALYSES),
    Door("POST", f"{ROUND}/vote/contests/<int:contest_id>", "a contest", _at(round_id="open_round", contest_id="=1"),
         STAFF),
    Door("GET", f"{ROUND}/roll", "who may vote", PLANNED, ROLL),
    Door("POST", f"{ROUND}/roll/find", "who may vote", _at(round_id="open_round"), STAFF,
         lambda world: {"who": str(world["voter"])}),
    Door("GET", f"{ROUND}/roll/<int:voter_id>", "a voter", VOTER, ROLL),
    Door("POST", f"{ROUND}/roll/<int:voter_id>/strike", "a voter, the vote not prepared", VOTER, (), _fixed(reason="Așa.")),
    Door("POST", f"{ROUND}/roll/<int:voter_id>/void", "a voter", VOTER, STAFF, _fixed(reason="Așa.")),
    Door("POST", f"{ROUND}/roll/<int:voter_id>/lift", "a voter who is not struck", VOTER, STAFF, _fixed(reason="Așa.")),
    Door("POST", f"{ROUND}/roll/<int:voter_id>/lift", f"a voter {OTHER} round",
         _at(round_id="plan", voter_id="voter"), (), _fixed(reason="Așa.")),
    *_both(True, f"{ROUND}/roll/<int:voter_id>", f"a voter {OTHER} round", _at(round_id="plan", voter_id="voter"), (),
           NOTHING)[:1],
    Door("POST", f"{ROUND}/roll/<int:voter_id>/strike", f"a voter {OTHER} round",
         _at(round_id="plan", voter_id="voter"), (), _fixed(reason="Așa.")),
    Door("GET", "/staff/tasks/<int:task_id>", "a colleague's work", _at(task_id="task"),
         ("moderator", "auditor", "administrator")),
]  # fmt: skip

DOORS = [*PROPOSALS, *LETTERS, *ROUNDS, *CITY_HALL]
