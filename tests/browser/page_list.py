"""Which pages there are, who opens each of them in the demo city, and with which values in its address.

A new page route is covered when it stands in WHO, and `test_every_page` fails until it does (or stands in NO_PAGE or,
with the reason, in EXEMPT).
"""

#: Answers that are no page: data, files, feeds, checks, or a way to somewhere else.
NO_PAGE = {
    "/transparency/moderation/<int:year>/<int:month>.csv",
    "/transparency/moderation/<int:year>/<int:month>.json",
    "/open-data/<name>.<ending>", "/open-data/catalogue.jsonld",
    "/api/v1/<name>", "/api/v1/<name>/<number>", "/api/v1/<name>/<number>/<path:rest>", "/api/v1/openapi.json",
    "/consultations/<int:consultation_id>/contributions.csv", "/transparency/<int:year>.csv", "/transparency/<int:year>-<language>.<ending>", "/consultations/<int:consultation_id>/report.csv", "/consultations/<int:consultation_id>/report-<language>.<ending>",
    "/deliveries/points.json", "/favicon.ico", "/files/<int:file_id>/<name>", "/healthz", "/language/<code>",
    "/consultations/annotations/<int:annotation_id>",
    "/log-key", "/manifest.webmanifest", "/meetings/<int:meeting_id>.ics", "/meetings/calendar.ics", "/neighbourhoods.json", "/news.atom", "/organisations/registry.csv", "/proposals/points.json", "/readyz",
    "/robots.txt", "/rounds/<slug>/checkpoint", "/rounds/<slug>/checkpoints/<int:size>.txt", "/rounds/<slug>/plan.json", "/rounds/<slug>/results.csv",
    "/rounds/<slug>/results/<int:pot_id>.pb", "/rounds/<slug>/results/codes.txt",
    "/rounds/<slug>/results/publication.zip", "/rounds/<slug>/vote/soon",
    "/staff/rounds/<int:round_id>/vote/recounts/<int:contest_id>",
    "/sitemap-<name>-<int:number>.xml", "/sitemap.xml", "/static/<path:name>",
    "/staff/rounds/<int:round_id>/paper/sheets/<int:run_id>.zip",
    "/staff/consultations/<int:consultation_id>/questionnaires/<int:questionnaire_id>/exports/<int:task_id>",
    "/purchases/<int:purchase_id>/ocds.json", "/purchases/ocds/<any(releases, records):kind>.json", "/purchases/purchases.csv",
    "/staff/imports/<int:import_id>/report.csv",
}  # fmt: skip

#: Pages that no run of the tests can show, with the reason.
EXEMPT = {
    "/dev/mail": "the mail of a first run in development; other environments have no such page",
    "/dev/mail/<name>": "as above",
    "/dev/sms": "as above, for text messages",
    "/desk/lock": "stands in a browser that was handed to a voter; test_desk_vote opens it, and axe reads it there",
}

STRANGER, VOTER, NEWCOMER = "", "ioana", "andrei"
MODERATOR, EVALUATOR, STAFF, CLERK, AUDITOR, ADMIN = (
    "cristina", "radu", "simona", "gabriel", "victor", "daniela",
)  # fmt: skip

KEYED_BATCH = "SELECT round_id, id AS batch_id FROM paper_batch WHERE shut_at IS NOT NULL ORDER BY id LIMIT 1"

#: A questionnaire of `questionnaire_state` by its title.
ASKED = "SELECT consultation_id, id AS questionnaire_id{} FROM questionnaire WHERE title = '{}'"
WRITTEN, BEGUN, DONE = (ASKED.format("{}", title) for title in ("În lucru", "Început", "Încheiat"))
#: A questionnaire of the demo that has ended, with its texts under themes.
SETTLED = "SELECT consultation_id, id AS questionnaire_id FROM questionnaire WHERE texts_of > 0 LIMIT 1"
#: A text of it that is not shown.
HIDDEN = (
    "SELECT consultation_id, questionnaire_id, encode(response, 'hex') || '-' || item AS key "
    "FROM questionnaire_hidden JOIN questionnaire ON questionnaire.id = questionnaire_id LIMIT 1"
)
#: A debate of the demo: one that is announced, one that was held.
DEBATE = "SELECT consultation_id, id AS debate_id FROM debate WHERE ended_at IS {} NULL LIMIT 1"
DEBATES = "/consultations/<int:consultation_id>/debates"
#: A citizens' draft of the demo in a state: with its author, its number.
INITIATIVE = "SELECT id AS initiative_id, author_id AS who FROM initiative WHERE {} LIMIT 1"
SIGNED = INITIATIVE.replace(", author_id AS who", "").format("deposited_at IS {} NULL AND closes_at > now()")
#: A meeting of the demo: to come, held, planned.
MEETING = "SELECT id AS meeting_id FROM meeting WHERE {} LIMIT 1"
CITIZENS = "/initiatives/<int:initiative_id>"
#: The debate of the agora that is open and has enough participants for an order.
ARGUED = "id = (SELECT debate_id FROM agora_post GROUP BY 1 ORDER BY count(*) DESC LIMIT 1)"
QUESTIONNAIRE = "/consultations/<int:consultation_id>/questionnaires/<int:questionnaire_id>"
WRITING = f"/staff{QUESTIONNAIRE}"

#: The same pages as others see them, or in another state: the address, who opens it, and the question for its values.
MORE = (
    ("/account/delete", "mihai", ""),
    ("/staff", STAFF, ""),
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
    "/staff/agora": (STAFF, ""),
    "/staff/agora/<int:debate_id>/workshops": (STAFF, f"SELECT id AS debate_id FROM agora_debate WHERE {ARGUED}"),
    "/staff/agora/<int:debate_id>/workshops/<int:meeting_id>": (
        STAFF, "SELECT debate_id, meeting_id FROM agora_workshop JOIN meeting ON meeting.id = meeting_id "
        "WHERE starts_at < now() LIMIT 1",
    ),
    "/staff/agora/<int:debate_id>/health": (STAFF, f"SELECT id AS debate_id FROM agora_debate WHERE {ARGUED}"),
    "/staff/agora/<int:debate_id>/summary": (
        STAFF, "SELECT id AS debate_id FROM agora_debate WHERE closes_at < now() AND summary_at IS NULL LIMIT 1",
    ),
    "/staff/agora/<int:debate_id>": (STAFF, f"SELECT id AS debate_id FROM agora_debate WHERE {ARGUED}"),
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
    "/staff/consultations/<int:consultation_id>/summary": (
        STAFF, "SELECT consultation_id FROM consultation_summary LIMIT 1",
    ),
    "/staff/transparency": (STAFF, ""),
    "/staff/transparency/<int:year>": (STAFF, "SELECT max(year) AS year FROM yearly_report"),
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
    "/decisions": (STRANGER, ""),
    "/decisions/<int:decision_id>": (STRANGER, "SELECT from_id AS decision_id FROM decision_relation LIMIT 1"),
    "/deliveries": (STRANGER, ""),
    "/deliveries/<int:delivery_id>": (
        STRANGER,
        "SELECT delivery_id FROM milestone ORDER BY delivery_id LIMIT 1",
    ),
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
    "/staff": (AUDITOR, ""),
    "/staff/accounts": (ADMIN, ""),
    "/staff/accounts/<int:account_id>": (ADMIN, "SELECT min(id) AS account_id FROM account"),
    "/staff/appeals": (STAFF, ""),
    "/staff/appeals/<int:appeal_id>": (STAFF, "SELECT min(id) AS appeal_id FROM appeal"),
    "/staff/audit": (AUDITOR, ""),
    "/staff/budget": (STAFF, ""),
    "/staff/city": (ADMIN, ""),
    "/staff/city/categories/<slug>": (ADMIN, "SELECT min(slug) AS slug FROM category"),
    "/staff/city/categories/new": (ADMIN, ""),
    "/staff/city/departments/<slug>": (ADMIN, "SELECT min(slug) AS slug FROM department"),
    "/staff/city/departments/new": (ADMIN, ""),
    "/staff/city/neighbourhoods/<slug>": (ADMIN, "SELECT min(slug) AS slug FROM neighbourhood"),
    "/staff/consultations": (STAFF, ""),
    "/staff/consultations/<int:consultation_id>": (
        STAFF,
        "SELECT id AS consultation_id FROM consultation WHERE announced_at IS NULL LIMIT 1",
    ),
    "/staff/consultations/<int:consultation_id>/contributions": (
        STAFF,
        "SELECT consultation_id FROM contribution_theme LIMIT 1",
    ),
    "/staff/consultations/<int:consultation_id>/contributions/<int:contribution_id>": (
        STAFF,
        "SELECT consultation_id, contribution_id FROM contribution_answer WHERE state = 'submitted' LIMIT 1",
    ),
    "/staff/consultations/<int:consultation_id>/contributions/new": (
        CLERK,
        "SELECT consultation_id FROM contribution_theme LIMIT 1",
    ),
    "/staff/consultations/<int:consultation_id>/documents/<int:document_id>": (
        STAFF,
        "SELECT consultation_id, id AS document_id FROM consultation_document ORDER BY id LIMIT 1",
    ),
    "/staff/consultations/<int:consultation_id>/edit": (
        STAFF,
        "SELECT id AS consultation_id FROM consultation WHERE announced_at IS NULL LIMIT 1",
    ),
    "/staff/consultations/<int:consultation_id>/themes": (
        STAFF,
        "SELECT consultation_id FROM contribution_theme LIMIT 1",
    ),
    "/staff/consultations/<int:consultation_id>/themes/<int:theme_id>": (
        STAFF,
        "SELECT consultation_id, id AS theme_id FROM contribution_theme LIMIT 1",
    ),
    "/staff/consultations/<int:consultation_id>/text": (
        STAFF, "SELECT consultation_id FROM draft_edition WHERE number IS NULL LIMIT 1",
    ),
    f"/staff{DEBATES}/new": (
        STAFF, "SELECT consultation_id FROM debate WHERE ended_at IS NOT NULL LIMIT 1",
    ),
    f"/staff{DEBATES}/<int:debate_id>": (STAFF, DEBATE.format("")),
    f"/staff{DEBATES}/<int:debate_id>/list": (STAFF, DEBATE.format("NOT")),
    f"/staff{DEBATES}/<int:debate_id>/speakers/<int:speaker_id>": (
        STAFF, "SELECT consultation_id, debate_id, s.id AS speaker_id FROM debate_speaker s "
        "JOIN debate d ON d.id = debate_id WHERE ended_at IS NULL LIMIT 1",
    ),
    "/staff/consultations/new": (STAFF, ""),
    "/staff/contributions/letters": (CLERK, ""),
    "/staff/contributions/letters/<int:letter_id>": (
        CLERK,
        "SELECT id AS letter_id FROM contribution_letter WHERE state = 'unassigned' LIMIT 1",
    ),
    "/staff/content": (STAFF, ""),
    "/staff/content/news": (STAFF, ""),
    "/staff/content/news/<int:news_id>": (STAFF, "SELECT min(id) AS news_id FROM news_item"),
    "/staff/content/news/<int:news_id>/history": (STAFF, "SELECT min(id) AS news_id FROM news_item"),
    "/staff/content/news/new": (STAFF, ""),
    "/staff/content/notice": (STAFF, ""),
    "/staff/content/pages/<slug>": (STAFF, "SELECT 'contact' AS slug"),
    "/staff/content/pages/<slug>/history": (STAFF, "SELECT 'contact' AS slug"),
    "/staff/content/pages/new": (STAFF, ""),
    "/staff/consultations/<int:consultation_id>/questionnaires": (
        STAFF, "SELECT consultation_id FROM questionnaire LIMIT 1",
    ),
    "/staff/consultations/<int:consultation_id>/texts": (STAFF, SETTLED),
    "/staff/consultations/<int:consultation_id>/texts/groups": (STAFF, SETTLED),
    "/staff/consultations/<int:consultation_id>/questionnaires/new": (
        STAFF, "SELECT consultation_id FROM questionnaire LIMIT 1",
    ),
    WRITING: (STAFF, WRITTEN.format("")),
    f"{WRITING}/settings": (STAFF, WRITTEN.format("")),
    f"{WRITING}/pages/new": (STAFF, WRITTEN.format("")),
    f"{WRITING}/pages/<key>": (STAFF, WRITTEN.format(", 'p2' AS key")),
    f"{WRITING}/items/new": (STAFF, WRITTEN.format(", 'single' AS kind, 'p1' AS page")),
    f"{WRITING}/items/<key>": (STAFF, WRITTEN.format(", 'i5' AS key")),
    f"{WRITING}/parts/<key>/remove": (STAFF, WRITTEN.format(", 'i5' AS key")),
    f"{WRITING}/remove": (STAFF, WRITTEN.format("")),
    f"{WRITING}/preview": (STAFF, WRITTEN.format("")),
    f"{WRITING}/paper": (CLERK, BEGUN.format("")),
    f"{WRITING}/texts/<key>": (MODERATOR, HIDDEN),
    f"{WRITING}/export": (STAFF, DONE.format("")),
    "/staff/deadlines": (AUDITOR, ""),
    "/staff/deadlines/days-off": (STAFF, ""),
    "/staff/deadlines/<key>": (STAFF, "SELECT 'appeal.file' AS key"),
    "/staff/deliveries": (STAFF, ""),
    "/staff/deliveries/<int:delivery_id>": (
        STAFF, "SELECT max(delivery_id) AS delivery_id FROM milestone",
    ),
    "/staff/deliveries/<int:delivery_id>/milestones/<int:milestone_id>": (
        STAFF, "SELECT delivery_id, id AS milestone_id FROM milestone LIMIT 1",
    ),
    "/staff/deliveries/new": (STAFF, ""),
    "/staff/desk": (CLERK, ""),
    "/staff/desk/<int:account_id>": (
        CLERK, "SELECT id AS account_id FROM account WHERE email = 'andrei@civic.example'",
    ),
    "/staff/desk/<int:account_id>/vote": (
        CLERK, "SELECT id AS account_id FROM account WHERE email = 'ioana@civic.example'",
    ),
    "/staff/desk/<int:account_id>/paper/<int:round_id>": (
        CLERK,
        "SELECT a.id AS account_id, r.id AS round_id FROM account a, round r WHERE email = 'ioana@civic.example' "
        "AND slug = '2026'",
    ),
    "/staff/desk/complaints/<int:complaint_id>/document": (
        CLERK, "SELECT min(id) AS complaint_id FROM identity_complaint",
    ),
    "/staff/desk/complaints/new": (CLERK, ""),
    "/staff/evaluations": (EVALUATOR, ""),
    "/staff/evaluations/<int:evaluation_id>": (AUDITOR, "SELECT min(id) AS evaluation_id FROM evaluation"),
    "/staff/moderation": (MODERATOR, ""),
    "/staff/moderation/spaces": (MODERATOR, ""),
    "/staff/moderation/spaces/<key>": (STAFF, "SELECT 'comments' AS key"),
    "/staff/moderation/<int:case_id>": (MODERATOR, "SELECT max(id) AS case_id FROM moderation_case"),
    "/staff/moderation/<int:case_id>/suspend": (
        MODERATOR, "SELECT max(case_id) AS case_id FROM moderation_statement",
    ),
    "/staff/contested": (MODERATOR, ""),
    "/staff/contested/<int:appeal_id>": (MODERATOR, "SELECT max(id) AS appeal_id FROM moderation_appeal"),
    "/staff/suspensions": (MODERATOR, ""),
    "/staff/suspensions/<int:suspension_id>": (MODERATOR, "SELECT max(id) AS suspension_id FROM suspension"),
    "/staff/moderation/<int:case_id>/redact": (
        MODERATOR, "SELECT max(id) AS case_id FROM moderation_case WHERE decided_at IS NULL",
    ),
    "/staff/moderation/together/<batch>": (
        MODERATOR, "SELECT batch FROM moderation_case WHERE batch IS NOT NULL LIMIT 1",
    ),
    "/staff/organisations": (STAFF, ""),
    "/staff/organisations/<int:organisation_id>": (
        STAFF, "SELECT min(organisation_id) AS organisation_id FROM organisation_check WHERE outcome IS NULL",
    ),
    "/staff/paper": (CLERK, ""),
    "/staff/proposals/take": (STAFF, ""),
    "/staff/purchases": (STAFF, ""),
    "/staff/purchases/<int:purchase_id>": (
        STAFF, "SELECT purchase_id FROM purchase_amendment ORDER BY id DESC LIMIT 1",
    ),
    "/staff/purchases/new": (STAFF, ""),
    "/staff/purchases/threshold": (STAFF, ""),
    "/services-in-figures": (STRANGER, ""),
    "/staff/rejection-reasons": (STAFF, ""),
    "/staff/rounds": (STAFF, ""),
    "/staff/rounds/<int:round_id>": (STAFF, "SELECT id AS round_id FROM round WHERE slug = '2026'"),
    "/staff/rounds/<int:round_id>/complaints": (STAFF, "SELECT id AS round_id FROM round WHERE slug = '2026'"),
    "/staff/rounds/<int:round_id>/complaints/<int:complaint_id>": (
        STAFF, "SELECT round_id, max(id) AS complaint_id FROM identity_complaint GROUP BY round_id",
    ),
    "/staff/rounds/<int:round_id>/custody": (STAFF, "SELECT id AS round_id FROM round WHERE slug = '2027'"),
    "/staff/rounds/<int:round_id>/custody/holders": (
        STAFF, "SELECT id AS round_id FROM round WHERE slug = '2027'",
    ),
    "/staff/rounds/<int:round_id>/custody/recovery": (
        STAFF, "SELECT id AS round_id FROM round WHERE slug = '2027'",
    ),
    "/staff/rounds/<int:round_id>/documents": (STAFF, "SELECT id AS round_id FROM round WHERE slug = '2026'"),
    "/staff/rounds/<int:round_id>/edit/<step>": (
        STAFF, "SELECT id AS round_id, 'basics' AS step FROM round WHERE slug = '2027'",
    ),
    "/staff/rounds/<int:round_id>/paper": (STAFF, "SELECT id AS round_id FROM round WHERE slug = '2026'"),
    "/staff/rounds/<int:round_id>/paper/batches/<int:batch_id>": (STAFF, KEYED_BATCH),
    "/staff/rounds/<int:round_id>/paper/batches/<int:batch_id>/differences": (CLERK, KEYED_BATCH),
    "/staff/rounds/<int:round_id>/paper/batches/<int:batch_id>/differences/<int:serial>": (
        CLERK, "SELECT round_id, batch_id, serial FROM paper_ballot WHERE final IS NULL AND second_by_id IS NOT NULL LIMIT 1",
    ),
    "/staff/rounds/<int:round_id>/paper/batches/<int:batch_id>/key": (CLERK, KEYED_BATCH),
    "/staff/rounds/<int:round_id>/paper/batches/<int:batch_id>/sample": (
        STAFF, "SELECT round_id, batch_id FROM paper_sample s JOIN paper_batch b ON b.id = batch_id LIMIT 1",
    ),
    "/staff/rounds/<int:round_id>/questions": (
        STAFF, "SELECT id AS round_id FROM round WHERE slug = 'strada-teiul-doamnei'",
    ),
    "/staff/rounds/<int:round_id>/questions/<int:question_id>": (
        STAFF, "SELECT round_id, max(id) AS question_id FROM question GROUP BY round_id ORDER BY round_id LIMIT 1",
    ),
    "/staff/rounds/<int:round_id>/questions/<int:question_id>/remove": (
        STAFF, "SELECT round_id, min(id) AS question_id FROM question GROUP BY round_id LIMIT 1",
    ),
    "/staff/rounds/<int:round_id>/questions/new": (
        STAFF, "SELECT id AS round_id FROM round WHERE slug = 'strada-teiul-doamnei'",
    ),
    "/staff/rounds/<int:round_id>/roll": (STAFF, "SELECT id AS round_id FROM round WHERE slug = '2026'"),
    "/staff/rounds/<int:round_id>/roll/<int:voter_id>": (
        STAFF, "SELECT round_id, voter_id FROM roll_strike LIMIT 1",
    ),
    "/staff/imports": (STAFF, ""),
    "/staff/imports/<int:import_id>": (STAFF, "SELECT max(id) AS import_id FROM data_import"),
    "/staff/imports/new": (STAFF, ""),
    "/staff/initiatives": (STAFF, ""),
    "/staff/initiatives/basis": (STAFF, ""),
    f"/staff{CITIZENS}/sheets/<int:sheet_id>/lines": (
        STAFF, "SELECT s.initiative_id, s.id AS sheet_id FROM initiative_sheet s JOIN initiative i ON i.id = "
        "s.initiative_id WHERE i.outcome = '' ORDER BY s.id LIMIT 1",
    ),
    f"/staff{CITIZENS}": (STAFF, SIGNED.format("NOT")),
    f"/staff{CITIZENS}/sample": (STAFF, SIGNED.format("NOT")),
    f"/staff{CITIZENS}/signers": (STAFF, SIGNED.format("NOT")),
    f"/staff{CITIZENS}/signers/<int:signature_id>": (
        STAFF, "SELECT initiative_id, s.id AS signature_id FROM initiative_signature s JOIN initiative i ON "
        "i.id = initiative_id WHERE deposited_at IS NOT NULL AND outcome = '' LIMIT 1",
    ),
    "/staff/meetings": (STAFF, ""),
    "/staff/meetings/<int:meeting_id>": (STAFF, MEETING.format("announced_at IS NOT NULL AND starts_at > now()")),
    "/staff/meetings/<int:meeting_id>/edit": (STAFF, MEETING.format("announced_at IS NULL")),
    "/staff/meetings/new": (STAFF, ""),
    "/staff/letters": (CLERK, ""),
    "/staff/sample": (CLERK, ""),
    "/staff/rounds/<int:round_id>/sample": (STAFF, "SELECT id AS round_id FROM round WHERE slug = '2026'"),
    "/staff/rounds/<int:round_id>/vote": (STAFF, "SELECT id AS round_id FROM round WHERE slug = '2026'"),
    "/staff/rounds/<int:round_id>/vote/admit/<int:proposal_id>": (
        STAFF, "SELECT round_id, id AS proposal_id FROM proposal WHERE state = 'eligible' LIMIT 1",
    ),
    "/staff/rounds/<int:round_id>/vote/ceremony": (
        STAFF, "SELECT id AS round_id FROM round WHERE slug = 'plumbuita-2026'",
    ),
    "/staff/rounds/<int:round_id>/vote/contests": (
        STAFF,
        "SELECT id AS round_id FROM round WHERE slug = '2025'",
    ),
    "/staff/rounds/<int:round_id>/vote/draw": (STAFF, "SELECT id AS round_id FROM round WHERE slug = '2027'"),
    "/staff/rounds/<int:round_id>/vote/sets/<int:set_id>": (
        STAFF, "SELECT round_id, id AS set_id FROM exclusive_set LIMIT 1",
    ),
    "/staff/rounds/<int:round_id>/vote/sets/new": (STAFF, "SELECT id AS round_id FROM round WHERE slug = '2027'"),
    "/staff/rounds/<int:round_id>/vote/oversight": (
        AUDITOR,
        "SELECT id AS round_id FROM round WHERE slug = '2025'",
    ),
    "/staff/rounds/<int:round_id>/vote/what-if": (
        AUDITOR,
        "SELECT id AS round_id FROM round WHERE slug = '2025'",
    ),
    "/staff/rounds/<int:round_id>/vote/what-if/<int:task_id>": (
        AUDITOR,
        "SELECT (params->>'round')::int AS round_id, id AS task_id FROM task WHERE kind = 'vote.what_if' LIMIT 1",
    ),
    "/staff/rounds/<int:round_id>/vote/projects/<int:project_id>": (
        STAFF,
        "SELECT round_id, p.id AS project_id FROM project p JOIN round r ON r.id = round_id "
        "WHERE r.slug = '2026' LIMIT 1",
    ),
    "/staff/rounds/<int:round_id>/vote/witnesses": (
        STAFF, "SELECT id AS round_id FROM round WHERE slug = '2027'",
    ),
    "/staff/rounds/<int:round_id>/vote/witnesses/<int:witness_id>/address": (
        STAFF,
        "SELECT round_id, w.id AS witness_id FROM witness w JOIN round r ON r.id = round_id WHERE r.slug = '2027'",
    ),
    "/staff/rounds/new": (STAFF, ""),
    "/staff/rounds/programmes": (STAFF, ""),
    "/staff/tasks/<int:task_id>": (ADMIN, "SELECT min(id) AS task_id FROM task"),
    "/staff/votes": (STAFF, ""),
}  # fmt: skip

#: The pages most people meet, opened in English too.
IN_ENGLISH = (
    "/", "/how-it-works", "/proposals", "/proposals/<int:proposal_id>", "/proposals/<int:proposal_id>/appeal",
    "/rounds/<slug>", "/rounds/<slug>/vote", "/rounds/<slug>/results", "/rounds/<slug>/results/contest", "/deliveries",
    "/budget", "/purchases", "/decisions", "/meetings", "/meetings/<int:meeting_id>", "/initiatives", "/initiatives/<int:initiative_id>", "/initiatives/<int:initiative_id>/sign",
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
