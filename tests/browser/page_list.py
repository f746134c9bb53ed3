"""Which pages there are, who opens each of them in the demo city, and with which values in its address.

A new page route is covered when it stands in WHO, and `test_every_page` fails until it does (or stands in NO_PAGE or,
with the reason, in EXEMPT).
"""

from tests.browser.page_visitors import (
    ARGUED,
    BEGUN,
    CITIZENS,
    CLERK,
    DEBATE,
    DEBATES,
    DONE,
    INITIATIVE,
    MEETING,
    MODERATOR,
    NEWCOMER,
    QUESTIONNAIRE,
    REPORTED,
    SETTLED,
    SIGNED,
    STAFF,
    STRANGER,
    VOTER,
    WRITING,
    WRITTEN,
)
from tests.browser.staff_page_list import STAFF_PAGES

#: Answers that are no page: data, files, feeds, checks, or a way to somewhere else.
NO_PAGE = {
    "/transparency/moderation/<int:year>/<int:month>.csv",
    "/transparency/moderation/<int:year>/<int:month>.json",
    "/open-data/<name>.<ending>", "/open-data/catalogue.jsonld",
    "/api/v1/<name>", "/api/v1/<name>.geojson", "/api/v1/<name>/<number>", "/api/v1/<name>/<number>/<path:rest>", "/api/v1/openapi.json",
    "/consultations/<int:consultation_id>/contributions.csv", "/transparency/<int:year>.csv", "/transparency/<int:year>-<language>.<ending>", "/consultations/<int:consultation_id>/report.csv", "/consultations/<int:consultation_id>/report-<language>.<ending>",
    "/deliveries/points.json", "/favicon.ico", "/files/<int:file_id>/<name>", "/healthz", "/language/<code>",
    "/consultations/annotations/<int:annotation_id>",
    "/log-key", "/manifest.webmanifest", "/meetings/<int:meeting_id>.ics", "/meetings/calendar.ics", "/neighbourhoods.json", "/news.atom", "/organisations/registry.csv", "/proposals/points.json", "/readyz",
    "/activity/events.atom", "/robots.txt", "/rounds/<slug>/checkpoint", "/rounds/<slug>/checkpoints/<int:size>.txt", "/rounds/<slug>/plan.json", "/rounds/<slug>/results.csv",
    "/rounds/<slug>/results/<int:pot_id>.pb", "/rounds/<slug>/results/codes.txt",
    "/rounds/<slug>/results/publication.zip", "/rounds/<slug>/vote/soon",
    "/staff/rounds/<int:round_id>/vote/recounts/<int:contest_id>",
    "/sitemap-<name>-<int:number>.xml", "/sitemap.xml", "/static/<path:name>",
    "/staff/rounds/<int:round_id>/paper/sheets/<int:run_id>.zip",
    "/staff/consultations/<int:consultation_id>/questionnaires/<int:questionnaire_id>/exports/<int:task_id>",
    "/purchases/<int:purchase_id>/ocds.json", "/purchases/ocds/<any(releases, records):kind>.json", "/purchases/purchases.csv",
    "/indicators/<code>/values.csv",
    "/reports/<code>/editions/<int:number>.csv", "/reports/<code>/editions/<int:number>.json",
    "/reports/<code>/editions/<int:number>-<language>.pdf",
    "/staff/imports/<int:import_id>/report.csv",
}  # fmt: skip

#: Pages that no run of the tests can show, with the reason.
EXEMPT = {
    "/satisfaction/answer/<secret>": "only a letter holds the secret, the database its hash; the page of the vote's question is the same",
    "/dev/mail": "the mail of a first run in development; other environments have no such page",
    "/dev/mail/<name>": "as above",
    "/dev/sms": "as above, for text messages",
    "/desk/lock": "stands in a browser that was handed to a voter; test_desk_vote opens it, and axe reads it there",
}

#: The same pages as others see them, or in another state: the address, who opens it, and the question for its values.
MORE = (
    ("/council/votes/<int:vote_id>", STRANGER, "SELECT id AS vote_id FROM council_vote WHERE secret LIMIT 1"),
    ("/decisions/<int:decision_id>", STRANGER, "SELECT max(decision_id) AS decision_id FROM council_vote"),
    ("/account/delete", "mihai", ""),
    ("/staff", STAFF, ""),
    ("/staff/imports/<int:import_id>", STAFF, "SELECT id AS import_id FROM data_import WHERE state = 'matching'"),
    ("/activity?kind=organisation&dimension=policy", STRANGER, ""),
    ("/activity?kind=proposal", VOTER, ""),
    ("/search?q=parc", STRANGER, ""),
    ("/search?q=zzz", STRANGER, ""),
    (
        "/staff/contributions/letters/<int:letter_id>", CLERK,
        "SELECT id AS letter_id FROM contribution_letter WHERE state = 'set_aside' LIMIT 1",
    ),
)  # fmt: skip

#: Who opens each page, and the values of its address: a question whose first row gives them, or the name of a letter.
#: A row's `who` is the account that opens the page instead.
WHO: dict[str, tuple[str, str]] = {
    "/": (STRANGER, ""),
    "/accessibility": (STRANGER, ""),
    "/account": (VOTER, ""),
    "/account/contributions": (VOTER, ""),
    "/account/decisions": (VOTER, ""),
    "/account/decisions/<int:statement_id>": (
        VOTER, "SELECT id AS statement_id, account_id AS who FROM moderation_statement WHERE account_id IS NOT NULL AND id NOT IN "
        "(SELECT statement_id FROM moderation_appeal WHERE statement_id IS NOT NULL) ORDER BY id DESC LIMIT 1",
    ),
    "/account/suspensions/<int:suspension_id>": (
        VOTER, "SELECT id AS suspension_id, account_id AS who FROM suspension WHERE state = 'confirmed' LIMIT 1",
    ),
    "/account/suspensions/<int:suspension_id>/appeal": (
        VOTER, "SELECT id AS suspension_id, account_id AS who FROM suspension WHERE state = 'confirmed' LIMIT 1",
    ),
    "/transparency/moderation": (STRANGER, ""),
    "/transparency/moderation/<int:year>/<int:month>": (
        STRANGER, "SELECT extract(year FROM month)::int AS year, extract(month FROM month)::int AS month FROM moderation_month "
        "ORDER BY month DESC LIMIT 1",
    ),
    "/account/about-you": (VOTER, ""),
    "/account/delete": (VOTER, ""),
    "/account/email": (VOTER, ""),
    "/account/email/<token>": (VOTER, "change-email"),
    "/account/password": (VOTER, ""),
    "/account/profile": (VOTER, ""),
    "/account/verification": (NEWCOMER, ""),
    "/account/verification/by/<way>": (NEWCOMER, "SELECT 'email' AS way"),
    "/account/verification/code": (NEWCOMER, ""),
    "/account/verification/letter": (NEWCOMER, ""),
    "/ballot-secrecy": (STRANGER, ""),
    "/visits": (STRANGER, ""),
    "/satisfaction": (STRANGER, ""),
    "/satisfaction/vote": (VOTER, ""),
    "/activity": (STRANGER, ""),
    "/agora": (STRANGER, ""),
    "/agora/<int:debate_id>": (VOTER, f"SELECT id AS debate_id FROM agora_debate WHERE {ARGUED}"),
    "/agora/<int:debate_id>/argue": (VOTER, f"SELECT id AS debate_id FROM agora_debate WHERE {ARGUED}"),
    "/agora/<int:debate_id>/edit": (
        NEWCOMER, "SELECT id AS debate_id FROM agora_debate WHERE submitted_at IS NULL LIMIT 1",
    ),
    "/agora/<int:debate_id>/positions/new": (VOTER, f"SELECT id AS debate_id FROM agora_debate WHERE {ARGUED}"),
    "/agora/<int:debate_id>/restore": (
        MODERATOR, "SELECT id AS debate_id FROM agora_debate WHERE hidden_at IS NOT NULL LIMIT 1",
    ),
    "/agora/<int:debate_id>/moderation": (VOTER, f"SELECT id AS debate_id FROM agora_debate WHERE {ARGUED}"),
    "/agora/<int:debate_id>/pace": (MODERATOR, f"SELECT id AS debate_id FROM agora_debate WHERE {ARGUED}"),
    "/agora/acts/<int:act_id>/undo": (
        MODERATOR, "SELECT id AS act_id FROM agora_act WHERE undone_at IS NULL ORDER BY id LIMIT 1",
    ),
    "/agora/posts/<int:post_id>/tend": (
        MODERATOR, "SELECT id AS post_id FROM agora_post WHERE kind = 'argument' AND state = 'visible' AND side <> 'note' "
        "AND merged_into_id IS NULL ORDER BY id LIMIT 1",
    ),
    "/agora/<int:debate_id>/statements": (VOTER, f"SELECT id AS debate_id FROM agora_debate WHERE {ARGUED}"),
    "/agora/<int:debate_id>/objections/new": (
        VOTER, "SELECT id AS debate_id FROM agora_debate WHERE objections_until > now() LIMIT 1",
    ),
    "/agora/objections/<int:objection_id>/restore": (
        MODERATOR, "SELECT id AS objection_id FROM agora_objection WHERE state = 'hidden' LIMIT 1",
    ),
    "/agora/statements/<int:statement_id>/restore": (
        MODERATOR, "SELECT id AS statement_id FROM agora_statement WHERE state = 'hidden' LIMIT 1",
    ),
    "/agora/new": (STAFF, ""),
    "/agora/posts/<int:post_id>": (
        VOTER, "SELECT parent_id AS post_id FROM agora_post WHERE kind = 'reply' ORDER BY id LIMIT 1",
    ),
    "/agora/posts/<int:post_id>/reply": (
        VOTER, "SELECT id AS post_id FROM agora_post WHERE kind = 'argument' AND state = 'visible' ORDER BY id LIMIT 1",
    ),
    "/agora/posts/<int:post_id>/restore": (
        MODERATOR, "SELECT id AS post_id FROM agora_post WHERE state = 'hidden' LIMIT 1",
    ),
    "/confirm/<token>": (STRANGER, "confirm"),
    "/consultations": (STRANGER, ""),
    "/consultations/<int:consultation_id>": (
        STRANGER,
        "SELECT consultation_id FROM consultation_extension LIMIT 1",
    ),
    "/consultations/<int:consultation_id>/announcement": (
        STRANGER,
        "SELECT consultation_id FROM consultation_announcement WHERE channel = 'site' ORDER BY 1 LIMIT 1",
    ),
    "/consultations/<int:consultation_id>/contribute": (
        STRANGER,
        "SELECT id AS consultation_id FROM consultation WHERE opens_at < now() AND closes_at > now() LIMIT 1",
    ),
    "/consultations/<int:consultation_id>/contribute/sent": (
        STRANGER,
        "SELECT id AS consultation_id FROM consultation WHERE opens_at < now() AND closes_at > now() LIMIT 1",
    ),
    "/consultations/<int:consultation_id>/contributions": (
        STRANGER,
        "SELECT consultation_id FROM contribution_theme LIMIT 1",
    ),
    "/consultations/<int:consultation_id>/contributions/<int:number>": (
        STRANGER,
        "SELECT c.consultation_id, number FROM contribution c JOIN contribution_answer a ON a.contribution_id = c.id "
        "WHERE a.state = 'withdrawn' LIMIT 1",
    ),
    "/consultations/<int:consultation_id>/text": (
        VOTER, "SELECT consultation_id FROM draft_edition WHERE number = 2 LIMIT 1",
    ),
    "/consultations/<int:consultation_id>/text/<int:key>": (
        VOTER, "SELECT consultation_id, key FROM draft_annotation WHERE kind = 'replacement' ORDER BY id LIMIT 1",
    ),
    "/consultations/<int:consultation_id>/text/changes": (
        STRANGER, "SELECT consultation_id FROM draft_edition WHERE number = 2 LIMIT 1",
    ),
    "/consultations/<int:consultation_id>/text/moved": (
        STAFF,
        "SELECT a.consultation_id FROM draft_annotation a WHERE a.how IN ('moved', 'changed', 'doubtful') "
        "AND a.edition_id = a.checked_id LIMIT 1",
    ),
    "/consultations/<int:consultation_id>/text/lost": (
        STRANGER, "SELECT consultation_id FROM draft_edition WHERE number = 2 LIMIT 1",
    ),
    "/consultations/annotations/<int:annotation_id>/restore": (
        MODERATOR, "SELECT id AS annotation_id FROM draft_annotation WHERE state = 'hidden' LIMIT 1",
    ),
    "/consultations/<int:consultation_id>/report": (
        STRANGER,
        "SELECT id AS consultation_id FROM consultation WHERE report_published_at IS NOT NULL LIMIT 1",
    ),
    "/transparency": (STRANGER, ""),
    "/transparency/<int:year>": (STRANGER, "SELECT max(year) AS year FROM yearly_report"),
    "/transparency/civil-society": (STRANGER, ""),
    "/consultations/<int:consultation_id>/debate-request": (
        VOTER, "SELECT c.id AS consultation_id, m.account_id AS who FROM consultation c, organisation_member m "
        "JOIN organisation o ON o.id = m.organisation_id WHERE o.legal_form = 'authority' AND o.state = 'verified' "
        "AND c.kind = 'draft_decision' AND c.opens_at < now() AND c.closes_at > now() LIMIT 1",
    ),
    f"{DEBATES}/<int:debate_id>": (VOTER, DEBATE.format("")),
    QUESTIONNAIRE: (STRANGER, BEGUN.format("")),
    f"{QUESTIONNAIRE}/pages/<int:number>": (VOTER, BEGUN.format(", 2 AS number")),
    f"{QUESTIONNAIRE}/review": (VOTER, BEGUN.format("")),
    f"{QUESTIONNAIRE}/answers": (STRANGER, SETTLED),
    f"{QUESTIONNAIRE}/sent": (VOTER, DONE.format("")),
    f"{QUESTIONNAIRE}/results": (STRANGER, DONE.format("")),
    f"{QUESTIONNAIRE}/results/<key>/by/<grouping>": (STRANGER, DONE.format(", 'i2' AS key, 'age' AS grouping")),
    f"{QUESTIONNAIRE}/results/<key>/texts": (STRANGER, DONE.format(", 'i2' AS key")),
    "/contact": (STRANGER, ""),
    "/contributions/confirm/<token>": (STRANGER, "pending contribution"),
    "/contributions/receipt/<token>": (STRANGER, "receipt"),
    "/counting-rules": (STRANGER, ""),
    "/custody/<int:round_id>": (VOTER, "SELECT id AS round_id FROM round WHERE slug = '2027'"),
    "/custody/guide": (STRANGER, ""),
    "/budget": (STRANGER, ""),
    "/budget/<int:year>": (STRANGER, "SELECT 2024 AS year"),
    "/budget/<int:year>/chapters/<int:chapter_id>": (
        STRANGER, "SELECT year, chapter_id FROM budget_line WHERE chapter_id IS NOT NULL LIMIT 1",
    ),
    "/budget/lines/<int:line_id>": (STRANGER, "SELECT id AS line_id FROM budget_line WHERE derived LIMIT 1"),
    "/council/meetings": (STRANGER, ""),
    "/council/meetings/<int:sitting_id>": (STRANGER, "SELECT min(id) AS sitting_id FROM council_sitting"),
    "/council/members": (STRANGER, ""),
    "/council/members/<int:member_id>": (STRANGER, "SELECT max(member_id) AS member_id FROM council_question"),
    "/council/votes": (STRANGER, ""),
    "/council/votes/<int:vote_id>": (STRANGER, "SELECT min(id) AS vote_id FROM council_vote WHERE stated_for > 9"),
    "/decisions": (STRANGER, ""),
    "/decisions-by-letter/<token>": (STRANGER, "decision"),
    "/decisions/<int:decision_id>": (STRANGER, "SELECT from_id AS decision_id FROM decision_relation LIMIT 1"),
    "/deliveries": (STRANGER, ""),
    "/deliveries/<int:delivery_id>": (
        STRANGER,
        "SELECT delivery_id FROM milestone ORDER BY delivery_id LIMIT 1",
    ),
    "/deliveries/<int:delivery_id>/check": (
        VOTER, "SELECT id AS delivery_id FROM delivery WHERE status IN ('received', 'completed') ORDER BY id LIMIT 1",
    ),
    "/deliveries/figures": (STRANGER, ""),
    "/embed/<kind>/<key>": (STRANGER, "SELECT 'delivery' AS kind, min(id) AS key FROM delivery"),
    "/design": (STRANGER, ""),
    "/follows": (VOTER, ""),
    "/follows/unsubscribe/<token>": (STRANGER, "stop"),
    "/how-it-works": (STRANGER, ""),
    "/initiatives": (VOTER, ""),
    CITIZENS: (STRANGER, SIGNED.format("")),
    f"{CITIZENS}/edit": (VOTER, INITIATIVE.format("submitted_at IS NULL")),
    f"{CITIZENS}/sign": (VOTER, SIGNED.format("")),
    f"{CITIZENS}/withdraw": (VOTER, INITIATIVE.format("published_at IS NOT NULL AND deposited_at IS NULL")),
    "/initiatives/new": (VOTER, ""),
    "/meetings": (STRANGER, ""),
    "/meetings/<int:meeting_id>": (STRANGER, MEETING.format("minutes_at IS NOT NULL")),
    "/neighbourhoods": (STRANGER, ""),
    "/neighbourhoods/<slug>": (STRANGER, "SELECT slug FROM neighbourhood ORDER BY slug LIMIT 1"),
    "/news": (STRANGER, ""),
    "/news/<int:news_id>": (STRANGER, "SELECT min(id) AS news_id FROM news_item"),
    "/open-data": (STRANGER, ""),
    "/open-data/<name>": (STRANGER, "SELECT 'deliveries' AS name"),
    "/organisations": (STRANGER, ""),
    "/organisations/<int:organisation_id>": (
        STRANGER, "SELECT min(organisation_id) AS organisation_id FROM organisation_check WHERE outcome IS NULL "
        "AND organisation_id IN (SELECT id FROM organisation WHERE state = 'verified')",
    ),
    "/organisations/<int:organisation_id>/edit": (
        VOTER, "SELECT id AS organisation_id, keeper_id AS who FROM organisation WHERE state = 'refused' LIMIT 1",
    ),
    "/organisations/<int:organisation_id>/members": (
        VOTER, "SELECT o.id AS organisation_id, keeper_id AS who FROM organisation o JOIN organisation_member m ON "
        "m.organisation_id = o.id AND m.account_id <> keeper_id WHERE state = 'verified' ORDER BY o.id LIMIT 1",
    ),
    "/organisations/invitations/<token>": (VOTER, "invitation"),
    "/organisations/new": (VOTER, ""),
    "/pages/<slug>": (STRANGER, "SELECT 'bilet' AS slug"),
    "/privacy": (STRANGER, ""),
    "/proposals": (STRANGER, ""),
    "/proposals/<int:proposal_id>": (
        VOTER,
        "SELECT proposal_id FROM proposal_comment GROUP BY 1 ORDER BY count(*) DESC LIMIT 1",
    ),
    "/proposals/<int:proposal_id>/appeal": (
        VOTER,
        "SELECT id AS proposal_id, author_id AS who FROM proposal WHERE state = 'rejected' "
        "AND appeal_until > now() AND round_id IS NULL LIMIT 1",
    ),
    "/proposals/<int:proposal_id>/comments/<int:comment_id>/reply": (
        VOTER,
        "SELECT proposal_id, c.id AS comment_id FROM proposal_comment c JOIN proposal p ON p.id = proposal_id "
        "WHERE p.state = 'published' AND parent_id IS NULL LIMIT 1",
    ),
    "/proposals/<int:proposal_id>/comments/<int:comment_id>/restore": (
        MODERATOR, "SELECT proposal_id, id AS comment_id FROM proposal_comment WHERE state = 'hidden' LIMIT 1",
    ),
    "/proposals/<int:proposal_id>/discard": (
        VOTER, "SELECT id AS proposal_id, author_id AS who FROM proposal WHERE state = 'draft' LIMIT 1",
    ),
    "/proposals/<int:proposal_id>/edit": (
        VOTER, "SELECT id AS proposal_id, author_id AS who FROM proposal WHERE state = 'draft' LIMIT 1",
    ),
    "/proposals/mine": (VOTER, ""),
    "/proposals/new": (VOTER, ""),
    "/indicators": (STRANGER, ""),
    "/indicators/<code>": (STRANGER, "SELECT code FROM indicator WHERE computation = 'K4' LIMIT 1"),
    "/reports": (STRANGER, ""),
    "/reports/measures": (STRANGER, ""),
    "/reports/<code>": (STRANGER, REPORTED),
    "/reports/<code>/editions/<int:number>": (STRANGER, f"SELECT code, 1 AS number FROM ({REPORTED}) AS one"),
    "/purchases": (STRANGER, ""),
    "/purchases/<int:purchase_id>": (
        STRANGER, "SELECT purchase_id FROM purchase_amendment ORDER BY id DESC LIMIT 1",
    ),
    "/register": (STRANGER, ""),
    "/register/sent": (STRANGER, ""),
    "/report/<kind>/<int:subject_id>": (
        VOTER, "SELECT 'proposal' AS kind, id AS subject_id FROM proposal WHERE state = 'published' LIMIT 1",
    ),
    "/reset-password": (STRANGER, ""),
    "/reset-password/<token>": (STRANGER, "reset"),
    "/reset-password/sent": (STRANGER, ""),
    "/rounds": (STRANGER, ""),
    "/rounds/<slug>": (STRANGER, "SELECT '2026' AS slug"),
    "/rounds/<slug>/checkpoints": (STRANGER, "SELECT '2026' AS slug"),
    "/rounds/<slug>/complaint": (NEWCOMER, "SELECT '2026' AS slug"),
    "/rounds/<slug>/minutes": (STRANGER, "SELECT '2025' AS slug"),
    "/rounds/<slug>/my-name": (VOTER, "SELECT '2026' AS slug"),
    "/rounds/<slug>/projects/<path:code>": (VOTER, "SELECT '2026' AS slug, 'P01' AS code"),
    "/rounds/<slug>/results": (STRANGER, "SELECT '2025' AS slug"),
    "/rounds/<slug>/results/code": (STRANGER, "SELECT '2025' AS slug"),
    "/rounds/<slug>/results/contest": (VOTER, "SELECT '2025' AS slug"),
    "/rounds/<slug>/results/other-methods": (STRANGER, "SELECT '2025' AS slug"),
    "/rounds/<slug>/results/paper": (STRANGER, "SELECT '2025' AS slug"),
    "/rounds/<slug>/vote": (VOTER, "SELECT '2026' AS slug"),
    "/rounds/<slug>/vote/review": (VOTER, "SELECT '2026' AS slug"),
    "/vote": (STRANGER, ""),
    "/rules": (STRANGER, ""),
    "/rules-of-conduct": (STRANGER, ""),
    "/sign-in": (STRANGER, ""),
    WRITING: (STAFF, WRITTEN.format("")),
    "/services-in-figures": (STRANGER, ""),
    "/search": (STRANGER, ""),
    **STAFF_PAGES,
}  # fmt: skip

#: The pages most people meet, opened in English too.
IN_ENGLISH = (
    "/", "/how-it-works", "/proposals", "/proposals/<int:proposal_id>", "/proposals/<int:proposal_id>/appeal",
    "/rounds/<slug>", "/rounds/<slug>/vote", "/rounds/<slug>/results", "/rounds/<slug>/results/contest", "/deliveries",
    "/activity", "/search", "/budget", "/purchases", "/indicators", "/indicators/<code>", "/reports", "/reports/<code>", "/decisions", "/meetings", "/meetings/<int:meeting_id>", "/initiatives", "/initiatives/<int:initiative_id>", "/initiatives/<int:initiative_id>/sign",
    "/account/verification", "/account/verification/by/<way>", "/account/verification/code",
    "/rounds/<slug>/my-name", "/rounds/<slug>/complaint", "/staff/rounds/<int:round_id>/complaints/<int:complaint_id>",
    "/counting-rules", "/rounds/<slug>/results/other-methods", "/staff/rounds/<int:round_id>/vote/what-if",
    "/organisations", "/organisations/<int:organisation_id>", "/organisations/new",
    "/organisations/<int:organisation_id>/members", "/staff/organisations/<int:organisation_id>",
    "/deliveries/<int:delivery_id>", "/sign-in", "/register", "/account", "/staff", "/staff/deadlines",
    "/staff/rounds/<int:round_id>/roll", "/staff/rounds/<int:round_id>/vote/contests", "/custody/<int:round_id>",
    "/custody/guide", "/staff/rounds/<int:round_id>/custody/recovery",
    "/staff/rounds/<int:round_id>/vote/ceremony", "/rounds/<slug>/minutes",
    "/staff/rounds/<int:round_id>/vote/oversight",
    "/staff/content/news/<int:news_id>/history",
)  # fmt: skip
