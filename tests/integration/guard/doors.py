"""Every address with an object in it: which private object is behind it, and who may pass.

A new route with an object in its address fails `test_every_address_with_an_object_is_on_the_list` until it stands
here: in DOORS with the object that is private behind it, or in PUBLIC with the reason why there is none. The doors
of a vote are in `vote_doors`.
"""

from typing import Any

from tests.integration.guard.agora_doors import AGORA
from tests.integration.guard.consultation_doors import CONSULTATIONS
from tests.integration.guard.debate_doors import DEBATES
from tests.integration.guard.door import (
    ADMIN,
    ANALYSES,
    CASES,
    CLERK,
    EDITORS,
    EVALUATORS,
    NEIGHBOUR,
    NOTHING,
    OTHER,
    OVERSIGHT,
    PLAN,
    PLANNED,
    ROLL,
    ROUND,
    STAFF,
    STAFF_AREA,
    Door,
    at,
    both,
    fixed,
)  # fmt: skip
from tests.integration.guard.draft_doors import DRAFTS
from tests.integration.guard.initiative_doors import INITIATIVES
from tests.integration.guard.meeting_doors import MEETINGS
from tests.integration.guard.moderation_doors import DUE_PROCESS, MODERATION
from tests.integration.guard.money_doors import MONEY
from tests.integration.guard.organisation_doors import ORGANISATIONS
from tests.integration.guard.private_world import World
from tests.integration.guard.questionnaire_doors import QUESTIONNAIRES
from tests.integration.guard.register_doors import REGISTER
from tests.integration.guard.report_doors import REPORTS
from tests.integration.guard.vote_doors import VOTES

#: Routes with an object in the address behind which nothing is private.
PUBLIC = {
    ("GET", "/account/verification/by/<way>"): "one of three ways, for oneself alone",
    ("POST", "/account/verification/by/<way>"): "one of three ways, for oneself alone",
    ("GET", "/budget/<int:year>"): "every budget is public",
    ("GET", "/budget/<int:year>/chapters/<int:chapter_id>"): "every chapter is public",
    ("GET", "/budget/lines/<int:line_id>"): "every line of a budget is public",
    ("GET", "/council/meetings/<int:sitting_id>"): "the council's records are public",
    ("GET", "/council/members/<int:member_id>"): "the council's records are public",
    ("GET", "/council/votes/<int:vote_id>"): "the council's records are public",
    **{
        (method, f"/staff/council/{rest}"): "the council's records are public; staff alone write them"
        for method, rest in (
            ("GET", "meetings/<int:sitting_id>"),
            ("POST", "meetings/<int:sitting_id>"),
            ("POST", "meetings/<int:sitting_id>/attendance"),
            ("POST", "meetings/<int:sitting_id>/points"),
            ("GET", "members/<int:member_id>"),
            ("POST", "members/<int:member_id>"),
            ("POST", "members/<int:member_id>/questions"),
            ("GET", "votes/<int:vote_id>"),
            ("POST", "votes/<int:vote_id>"),
            ("POST", "votes/<int:vote_id>/roll"),
        )
    },
    ("POST", "/staff/meetings/<int:meeting_id>/records"): "a meeting that has begun is public",
    ("GET", "/indicators/<code>"): "every indicator is public",
    ("GET", "/indicators/<code>/values.csv"): "every indicator is public",
    **{
        (method, f"/staff/indicators/<code>{rest}"): "every indicator is public; staff alone enter its values"
        for method, rest in (("GET", ""), ("POST", "/arrangement"), ("POST", "/target"), ("POST", "/values"))
    },
    ("GET", "/satisfaction/answer/<secret>"): "who holds the letter's secret answers once; nothing is shown",
    ("POST", "/satisfaction/answer/<secret>"): "as above",
    ("GET", "/api/v1/<name>.geojson"): "as the resource it maps",
    ("GET", "/deliveries/<int:delivery_id>/check"): "every delivery is public",
    ("POST", "/deliveries/<int:delivery_id>/check"): "one's own voice on what is public",
    ("GET", "/embed/<kind>/<key>"): "what the public page says, for other sites",
    ("GET", "/api/v1/<name>"): "a resource selects what anybody may read; test_api looks for what nobody may",
    ("GET", "/api/v1/<name>/<number>"): "as above",
    ("GET", "/api/v1/<name>/<number>/<path:rest>"): "nothing lies there",
    ("GET", "/open-data/<name>"): "words about what is published",
    ("GET", "/open-data/<name>.<ending>"): "what the addresses above give, whole",
    ("GET", "/deliveries/<int:delivery_id>"): "every delivery is public from its first day",
    ("GET", "/dev/mail/<name>"): "a first run without a mail server; production has no such page",
    ("GET", "/language/<code>"): "sets a cookie of one's own browser",
    ("GET", "/neighbourhoods/<slug>"): "every neighbourhood is public",
    ("GET", "/pages/<slug>"): "what is saved is published; there are no drafts of pages",
    ("GET", "/purchases/ocds/<any(releases, records):kind>.json"): "holds what the register shows",
    ("GET", "/sitemap-<name>-<int:number>.xml"): "lists what is public",
}

TEXT = {"title": "Alt titlu", "problem": "Alta", "idea": "Alta", "version": "99", "editor": "x"}
PROPOSAL = "/proposals/<int:proposal_id>"
DRAFT, WAITING = at(proposal_id="draft"), at(proposal_id="waiting")

PROPOSALS = [
    Door("GET", PROPOSAL, "draft", DRAFT, ("owner",)),
    Door("GET", PROPOSAL, "in moderation", WAITING, ("owner", *CASES)),
    Door("GET", PROPOSAL, "hidden", at(proposal_id="hidden"), ("owner", *CASES)),
    Door("GET", f"{PROPOSAL}/appeal", "rejected", at(proposal_id="refused"), ("owner",)),
    Door("POST", f"{PROPOSAL}/appeal", "rejected", at(proposal_id="refused"), ("owner",), fixed(text="Nu e așa.")),
    Door("GET", f"{PROPOSAL}/appeal", "draft", DRAFT),
    Door("POST", f"{PROPOSAL}/autosave", "draft", DRAFT, ("owner",), fixed(**TEXT)),
    Door("POST", f"{PROPOSAL}/comments", "in moderation", WAITING, (), fixed(body="Salut")),
    Door("POST", f"{PROPOSAL}/comments", "answer to a held comment", at(proposal_id="published"), (),
         lambda world: {"body": "Salut", "parent": world["held"]}),
    Door("GET", f"{PROPOSAL}/comments/<int:comment_id>/reply", "held comment",
         at(proposal_id="published", comment_id="held")),
    Door("GET", f"{PROPOSAL}/comments/<int:comment_id>/reply", "hidden comment",
         at(proposal_id="published", comment_id="covered")),
    *both(True, f"{PROPOSAL}/comments/<int:comment_id>/restore", "hidden comment",
           at(proposal_id="published", comment_id="covered"), ("moderator",), fixed(reason="Era bun.")),
    *both(True, f"{PROPOSAL}/comments/<int:comment_id>/restore", "held comment",
           at(proposal_id="published", comment_id="held"), (), fixed(reason="Era bun.")),
    *both(True, f"{PROPOSAL}/discard", "draft", DRAFT, ("owner",), NOTHING),
    *both(True, f"{PROPOSAL}/edit", "draft", DRAFT, ("owner",), fixed(**TEXT)),
    Door("POST", f"{PROPOSAL}/join", "another's proposal", at(proposal_id="published"), ("owner",),
         lambda world: {"round": world["open_round"]}),
    Door("POST", f"{PROPOSAL}/join", "an edition not public", at(proposal_id="published"), (),
         lambda world: {"round": world["plan"]}),
    Door("POST", f"{PROPOSAL}/restore", "hidden", at(proposal_id="hidden"), ("moderator",), fixed(reason="Era bun.")),
    Door("POST", f"{PROPOSAL}/withdraw", "in moderation", WAITING, ("owner",)),
    *both(True, "/report/<kind>/<int:subject_id>", "in moderation", at(kind="=proposal", subject_id="waiting"), (),
           fixed(reason="spam")),
    *both(True, "/report/<kind>/<int:subject_id>", "held comment", at(kind="=comment", subject_id="held"), (),
           fixed(reason="spam")),
    Door("POST", "/follows/<kind>/<int:subject_id>", "draft", at(kind="=proposal", subject_id="draft")),
    Door("POST", "/follows/<kind>/<int:subject_id>", "in moderation", at(kind="=proposal", subject_id="waiting")),
    Door("POST", "/follows/<kind>/<int:subject_id>", "round not public", at(kind="=round", subject_id="plan")),
    Door("POST", "/follows/<kind>/<int:subject_id>/stop", "somebody else's", at(kind="=proposal", subject_id="elsewhere"),
         quiet=True),
    Door("GET", "/files/<int:file_id>/<name>", "of a draft", at(file_id="draft_file", name="=full"), ("owner",)),
    Door("GET", "/files/<int:file_id>/<name>", "in moderation", at(file_id="waiting_file", name="=full"),
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
    for door in both(True, rule, token, at(token=token), (), fixed(**data))
]

ROUNDS = [
    *(
        Door("GET", f"/rounds/<slug>{rest}", "round not public", PLAN)
        for rest in ("", "/plan.json", "/results", "/results.csv", "/results/code", "/results/codes.txt",
                     "/results/publication.zip", "/checkpoint", "/checkpoints", "/results/other-methods", "/vote", "/vote/review")
    ),
    Door("GET", "/rounds/<slug>/projects/<path:code>", "round not public", at(slug="=in-lucru", code="=P1")),
    Door("GET", "/rounds/<slug>/results/<int:pot_id>.pb", "round not public", at(slug="=in-lucru", pot_id="pot")),
    Door("GET", "/rounds/<slug>/checkpoints/<int:size>.txt", "round not public", at(slug="=in-lucru", size="=1")),
    Door("POST", "/rounds/<slug>/checkpoints", "round not public", PLAN, (), fixed(note="x")),
    Door("GET", "/rounds/<slug>/results.csv", "before the results", at(slug="=deschisa")),
    *(
        Door("GET", f"/rounds/<slug>/{what}", "before the results", at(slug="=deschisa"))
        for what in ("results/codes.txt", "results/publication.zip", "checkpoint")
    ),
    *(
        Door("POST", f"/rounds/<slug>/vote/{what}", "round not public", PLAN, (), fixed(add="P1"))
        for what in ("cast", "choose", "dismiss")
    ),
    *both(True, "/rounds/<slug>/results/contest", "round not public", PLAN, (), fixed(text="Nu e drept.")),
    Door("POST", "/rounds/<slug>/results/code", "round not public", PLAN, (), fixed(code="x")),
]  # fmt: skip

TRACKER = "/staff/deliveries/<int:delivery_id>"
PAPER = f"{TRACKER}/documents/<int:document_id>/remove"
REVISION = f"{TRACKER}/money/revisions/<int:revision_id>/remove"
PAYMENT = f"{TRACKER}/money/payments/<int:payment_id>/remove"
STEP = f"{TRACKER}/milestones/<int:milestone_id>"
VOTER = at(round_id="open_round", voter_id="voter")
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
    Door("POST", "/staff/accounts/<int:account_id>/roles", "an account", NEIGHBOUR, ADMIN, fixed(role="administrator")),
    Door("POST", "/staff/accounts/<int:account_id>/roles/<int:grant_id>/withdraw", "a grant",
         at(account_id="helper", grant_id="grant"), ADMIN),
    Door("POST", "/staff/accounts/<int:account_id>/roles/<int:grant_id>/withdraw", f"a grant {OTHER} account",
         lambda world: {"account_id": world.numbers["staff"], "grant_id": world["grant"]}),
    *both(True, "/staff/appeals/<int:appeal_id>", "an appeal", at(appeal_id="appeal"), ANALYSES, NOTHING)[:1],
    Door("POST", "/staff/appeals/<int:appeal_id>", "an appeal", at(appeal_id="appeal"), STAFF,
         fixed(outcome="upheld", reason="Are dreptate.", estimate="100")),
    *both(True, "/staff/city/categories/<slug>", "a domain", at(slug="category"), ADMIN, fixed(name_ro="Altul")),
    *both(True, "/staff/city/departments/<slug>", "a department",
           at(slug="department_slug"), ADMIN, fixed(name="Alta")),
    *both(True, "/staff/city/neighbourhoods/<slug>", "a neighbourhood", at(slug="area"), ADMIN, fixed(name="Altul")),
    *both(True, "/staff/content/news/<int:news_id>", "a draft", at(news_id="news"), EDITORS, fixed(title_ro="Alta")),
    Door("POST", "/staff/content/news/<int:news_id>/publish", "a draft", at(news_id="news"), EDITORS),
    Door("POST", "/staff/content/news/<int:news_id>/withdraw", "a draft", at(news_id="news"), EDITORS),
    Door("GET", "/staff/content/news/<int:news_id>/history", "a draft", at(news_id="news"), EDITORS),
    Door("POST", "/staff/content/news/<int:news_id>/restore/<int:number>", "a draft", at(news_id="news", number="=1"),
         EDITORS, fixed(seen="1")),
    Door("GET", "/news/<int:news_id>", "a draft", at(news_id="news"), EDITORS),
    Door("POST", "/staff/content/notice/<int:notice_id>/end", "the notice", at(notice_id="notice"), EDITORS),
    *both(True, "/staff/content/pages/<slug>", "a page", at(slug="=contact"), EDITORS, fixed(title_ro="Alta")),
    Door("GET", "/staff/content/pages/<slug>/history", "a page", at(slug="=contact"), EDITORS),
    Door("POST", "/staff/content/pages/<slug>/restore/<int:number>", "a page", at(slug="=contact", number="=1"), EDITORS,
         fixed(seen="1")),
    Door("POST", "/staff/content/pages/<slug>/restore/<int:number>", f"a version {OTHER} page",
         at(slug="=privacy", number="=1"), (), fixed(seen="1")),
    Door("GET", TRACKER, "a delivery", at(delivery_id="delivery"), STAFF),
    Door("POST", f"{TRACKER}/details", "a delivery", at(delivery_id="delivery"), STAFF, fixed(**{"details-title": "Alta"})),
    Door("POST", f"{TRACKER}/status", "a delivery", at(delivery_id="delivery"), STAFF,
         fixed(**{"status-status": "halted", "status-reason": "Așa."})),
    Door("GET", f"{TRACKER}/money", "a delivery", at(delivery_id="delivery"), STAFF),
    *(
        Door("POST", f"{TRACKER}/money/{what}", "a delivery", at(delivery_id="delivery"), STAFF, NOTHING)
        for what in ("stated", "revisions", "payments")
    ),
    Door("POST", f"{TRACKER}/documents", "a delivery", at(delivery_id="delivery"), STAFF, NOTHING),
    Door("POST", PAPER, "a document", at(delivery_id="delivery", document_id="delivery_document"), STAFF),
    Door("POST", PAPER, f"a document {OTHER} delivery",
         at(delivery_id="other_delivery", document_id="delivery_document")),
    *both(True, f"{TRACKER}/disputes", "a delivery", at(delivery_id="delivery"), STAFF, NOTHING),
    Door("POST", REVISION, "a revision", at(delivery_id="delivery", revision_id="revision"), STAFF),
    Door("POST", REVISION, f"a revision {OTHER} delivery", at(delivery_id="other_delivery", revision_id="revision")),
    Door("POST", PAYMENT, "a payment", at(delivery_id="delivery", payment_id="payment"), STAFF),
    Door("POST", PAYMENT, f"a payment {OTHER} delivery", at(delivery_id="other_delivery", payment_id="payment")),
    Door("POST", f"{TRACKER}/updates", "a delivery", at(delivery_id="delivery"), STAFF, fixed(**{"update-text": "Așa."})),
    Door("POST", f"{TRACKER}/milestones", "a delivery", at(delivery_id="delivery"), STAFF, fixed(**MILESTONE)),
    *both(True, STEP, "a milestone", at(delivery_id="delivery", milestone_id="milestone"), STAFF, fixed(**MILESTONE)),
    Door("POST", f"{STEP}/remove", "a milestone", at(delivery_id="delivery", milestone_id="milestone"), STAFF),
    *both(True, STEP, f"a milestone {OTHER} delivery", at(delivery_id="delivery", milestone_id="other_milestone"), (),
           fixed(**MILESTONE)),
    Door("POST", f"{STEP}/remove", f"a milestone {OTHER} delivery",
         at(delivery_id="delivery", milestone_id="other_milestone")),
    Door("GET", "/staff/deadlines/<key>", "a deadline", at(key="=appeal.file"), STAFF_AREA),
    Door("POST", "/staff/deadlines/<key>", "a deadline", at(key="=appeal.file"), EDITORS, fixed(days="3")),
    Door("POST", "/staff/deadlines/days-off/<day>/remove", "a day off", at(day="day_off"), EDITORS),
    Door("POST", "/staff/deadlines/<key>/verified", "a deadline", at(key="=appeal.file"), EDITORS,
         fixed(jurist="Ana", on="01.01.2026")),
    Door("GET", "/staff/desk/<int:account_id>", "a resident", NEIGHBOUR, CLERK),
    Door("POST", "/staff/desk/<int:account_id>/verify", "a resident", NEIGHBOUR, CLERK),
    Door("POST", "/staff/desk/<int:account_id>/area", "a resident", NEIGHBOUR, CLERK),
    *both(True, "/staff/desk/<int:account_id>/vote", "a resident", NEIGHBOUR, CLERK, NOTHING),
    Door("GET", "/staff/evaluations/<int:evaluation_id>", "a department's", at(evaluation_id="part"),
         ("colleague", *OVERSIGHT)),
    Door("POST", "/staff/evaluations/<int:evaluation_id>", "a department's", at(evaluation_id="part"), ("colleague",),
         fixed(result="eligible", estimate="100", **{f"{one}_verdict": "ok" for one in (
             "legal", "technical", "cost", "land", "running_cost")})),
    Door("GET", "/staff/moderation/spaces/<key>", "a space", at(key="=comments"), CASES),
    Door("POST", "/staff/moderation/spaces/<key>", "a space", at(key="=comments"), EDITORS,
         fixed(seen="0", mode="after", reason="Motiv.")),
    Door("POST", "/staff/rejection-reasons/<int:reason_id>", "a reason", at(reason_id="reason"), STAFF),
    Door("GET", ROUND, "round not public", PLANNED, ANALYSES),
    Door("POST", f"{ROUND}/adopt", "round not public", PLANNED, STAFF, fixed(decision="HCL 1", decision_date="01.01.2027")),
    *both(True, f"{ROUND}/documents", "round not public", PLANNED, STAFF, fixed(kind="minutes", title="x")),
    Door("POST", f"{ROUND}/documents/<int:document_id>/remove", "a document",
         at(round_id="plan", document_id="document"), STAFF, fixed(reason="Așa.")),
    Door("POST", f"{ROUND}/documents/<int:document_id>/remove", f"a document {OTHER} round",
         at(round_id="plan", document_id="other_document"), (), fixed(reason="Așa.")),
    *both(True, f"{ROUND}/edit/<step>", "round not public", at(round_id="plan", step="=basics"), STAFF,
           fixed(name="Alta")),
    Door("POST", f"{ROUND}/extend", "round not public", PLANNED, STAFF,
         fixed(kind="submission", ends_at="01.01.2027 10:00", reason="Așa.")),
    Door("POST", f"{ROUND}/publish", "round not public", PLANNED, STAFF),
    Door("GET", f"{ROUND}/vote", "round not public", PLANNED, STAFF_AREA),
    *both(True, f"{ROUND}/vote/admit/<int:proposal_id>", "an eligible proposal",
           at(round_id="plan", proposal_id="eligible"), STAFF, _project),
    *both(True, f"{ROUND}/vote/admit/<int:proposal_id>", f"a proposal {OTHER} round",
           at(round_id="open_round", proposal_id="eligible"), (), _project),
    Door("POST", f"{ROUND}/vote/prepare", "round not public", PLANNED, STAFF),
    *both(True, f"{ROUND}/vote/projects/<int:project_id>", "a project", at(round_id="plan", project_id="project"), STAFF,
           _project),
    *both(True, f"{ROUND}/vote/projects/<int:project_id>", f"a project {OTHER} round",
           at(round_id="plan", project_id="other_project"), (), _project),
    *both(True, f"{ROUND}/vote/draw", "round not public", PLANNED, STAFF, fixed(order="P1")),
    *both(True, f"{ROUND}/vote/sets/new", "round not public", PLANNED, STAFF, fixed(name="Alta")),
    *both(True, f"{ROUND}/vote/sets/<int:set_id>", "a set", at(round_id="plan", set_id="set"), STAFF,
           fixed(name="Alta")),
    *both(True, f"{ROUND}/vote/sets/<int:set_id>", f"a set {OTHER} round", at(round_id="open_round", set_id="set"), (),
           fixed(name="Alta")),
    Door("POST", f"{ROUND}/vote/sets/<int:set_id>/remove", "a set", at(round_id="plan", set_id="set"), STAFF),
    Door("GET", f"{ROUND}/vote/witnesses", "addresses of witnesses", PLANNED, ROLL),
    Door("POST", f"{ROUND}/vote/witnesses", "round not public", PLANNED, STAFF, fixed(name="Alta", address="a@presa.ro")),
    Door("POST", f"{ROUND}/vote/witnesses/<int:witness_id>/remove", "a witness",
         at(round_id="plan", witness_id="witness"), STAFF),
    Door("POST", f"{ROUND}/vote/witnesses/<int:witness_id>/remove", f"a witness {OTHER} round",
         at(round_id="open_round", witness_id="witness")),
    *both(True, f"{ROUND}/vote/witnesses/<int:witness_id>/address", "a witness",
           at(round_id="plan", witness_id="witness"), STAFF, fixed(address="b@presa.ro")),
    *both(True, f"{ROUND}/vote/witnesses/<int:witness_id>/address", f"a witness {OTHER} round",
           at(round_id="open_round", witness_id="witness"), (), fixed(address="b@presa.ro")),
    # Before the results the page says that it is too early, and takes no question.
    Door("GET", f"{ROUND}/vote/what-if", "before the results", at(round_id="open_round"), ROLL),
    Door("POST", f"{ROUND}/vote/what-if", "before the results", at(round_id="open_round"), (), fixed(budget="5")),
    Door("GET", f"{ROUND}/vote/what-if/<int:task_id>", "before the results", at(round_id="open_round", task_id="task")),
    Door("GET", f"{ROUND}/vote/contests", "contests", at(round_id="open_round"), ANALYSES),
    Door("POST", f"{ROUND}/vote/contests/<int:contest_id>", "a contest", at(round_id="open_round", contest_id="=1"),
         STAFF),
    Door("GET", f"{ROUND}/roll", "who may vote", PLANNED, ROLL),
    Door("POST", f"{ROUND}/roll/find", "who may vote", at(round_id="open_round"), STAFF,
         lambda world: {"who": str(world["voter"])}),
    Door("GET", f"{ROUND}/roll/<int:voter_id>", "a voter", VOTER, ROLL),
    Door("POST", f"{ROUND}/roll/<int:voter_id>/strike", "a voter, the vote not prepared", VOTER, (), fixed(reason="Așa.")),
    Door("POST", f"{ROUND}/roll/<int:voter_id>/void", "a voter", VOTER, STAFF, fixed(reason="Așa.")),
    Door("POST", f"{ROUND}/roll/<int:voter_id>/lift", "a voter who is not struck", VOTER, STAFF, fixed(reason="Așa.")),
    Door("POST", f"{ROUND}/roll/<int:voter_id>/lift", f"a voter {OTHER} round",
         at(round_id="plan", voter_id="voter"), (), fixed(reason="Așa.")),
    *both(True, f"{ROUND}/roll/<int:voter_id>", f"a voter {OTHER} round", at(round_id="plan", voter_id="voter"), (),
           NOTHING)[:1],
    Door("POST", f"{ROUND}/roll/<int:voter_id>/strike", f"a voter {OTHER} round",
         at(round_id="plan", voter_id="voter"), (), fixed(reason="Așa.")),
    Door("GET", "/staff/tasks/<int:task_id>", "a colleague's work", at(task_id="task"),
         ("moderator", "auditor", "administrator")),
]  # fmt: skip

DOORS = [
    *PROPOSALS, *LETTERS, *ROUNDS, *CITY_HALL, *ORGANISATIONS, *CONSULTATIONS, *REGISTER, *DRAFTS, *QUESTIONNAIRES,
    *DEBATES, *INITIATIVES, *MEETINGS, *MODERATION, *DUE_PROCESS, *MONEY, *REPORTS, *AGORA, *VOTES,
]  # fmt: skip
