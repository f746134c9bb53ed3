"""Who opens each page of the work area, as `page_list` says it of the others."""

from tests.browser.page_visitors import (
    ADMIN,
    ARGUED,
    AUDITOR,
    BEGUN,
    CITIZENS,
    CLERK,
    DEBATE,
    DEBATES,
    DONE,
    EVALUATOR,
    HIDDEN,
    KEYED_BATCH,
    MEETING,
    MODERATOR,
    REPORT_BEGUN,
    SETTLED,
    SIGNED,
    STAFF,
    WRITING,
    WRITTEN,
)

#: Who opens each page, and the values of its address.
STAFF_PAGES: dict[str, tuple[str, str]] = {
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
    "/staff/consultations/<int:consultation_id>/summary": (
        STAFF, "SELECT consultation_id FROM consultation_summary LIMIT 1",
    ),
    "/staff/transparency": (STAFF, ""),
    "/staff/transparency/<int:year>": (STAFF, "SELECT max(year) AS year FROM yearly_report"),
    "/staff": (AUDITOR, ""),
    "/staff/accounts": (ADMIN, ""),
    "/staff/accounts/<int:account_id>": (ADMIN, "SELECT min(id) AS account_id FROM account"),
    "/staff/appeals": (STAFF, ""),
    "/staff/appeals/<int:appeal_id>": (STAFF, "SELECT min(id) AS appeal_id FROM appeal"),
    "/staff/audit": (AUDITOR, ""),
    "/staff/budget": (STAFF, ""),
    "/staff/city": (ADMIN, ""),
    "/staff/satisfaction": (STAFF, ""),
    "/staff/city/population": (ADMIN, ""),
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
    "/staff/council": (STAFF, ""),
    "/staff/council/meetings/<int:sitting_id>": (STAFF, "SELECT max(id) AS sitting_id FROM council_sitting"),
    "/staff/council/meetings/new": (STAFF, ""),
    "/staff/council/members/<int:member_id>": (STAFF, "SELECT max(member_id) AS member_id FROM council_question"),
    "/staff/council/members/new": (STAFF, ""),
    "/staff/council/votes/<int:vote_id>": (STAFF, "SELECT min(id) AS vote_id FROM council_vote WHERE NOT secret"),
    "/staff/decisions": (STAFF, ""),
    "/staff/decisions/<int:decision_id>": (STAFF, "SELECT from_id AS decision_id FROM decision_relation LIMIT 1"),
    "/staff/decisions/<int:decision_id>/edit": (STAFF, "SELECT min(id) AS decision_id FROM council_decision"),
    "/staff/decisions/new": (STAFF, ""),
    "/staff/deliveries": (STAFF, ""),
    "/staff/deliveries/<int:delivery_id>": (
        STAFF, "SELECT max(delivery_id) AS delivery_id FROM milestone",
    ),
    "/staff/deliveries/<int:delivery_id>/milestones/<int:milestone_id>": (
        STAFF, "SELECT delivery_id, id AS milestone_id FROM milestone LIMIT 1",
    ),
    "/staff/deliveries/disputes": (STAFF, ""),
    "/staff/deliveries/<int:delivery_id>/disputes": (
        STAFF, "SELECT max(delivery_id) AS delivery_id FROM milestone",
    ),
    "/staff/deliveries/<int:delivery_id>/money": (
        STAFF, "SELECT max(delivery_id) AS delivery_id FROM milestone",
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
    "/staff/reports": (STAFF, ""),
    "/staff/reports/<code>": (STAFF, REPORT_BEGUN),
    "/staff/reports/<code>/preview": (STAFF, REPORT_BEGUN),
    "/staff/reports/<code>/indicators": (STAFF, REPORT_BEGUN),
    "/staff/reports/<code>/texts": (STAFF, REPORT_BEGUN),
    "/staff/reports/<code>/entries/<int:entry_id>": (
        STAFF,
        "SELECT to_char(first_day, 'YYYY') AS code, e.id AS entry_id FROM periodic_report r"
        " JOIN report_entry e ON e.report_id = r.id WHERE r.state = 'writing' ORDER BY e.position LIMIT 1",
    ),
    "/staff/reports/<code>/measures/<int:measure_id>": (
        STAFF,
        "SELECT to_char(first_day, 'YYYY') AS code, (SELECT min(id) FROM report_measure) AS measure_id"
        " FROM periodic_report WHERE state = 'writing' LIMIT 1",
    ),
    "/staff/reports/<code>/sign": (
        STAFF,
        "SELECT to_char(first_day, 'YYYY-MM') AS code, (SELECT id FROM account WHERE email LIKE 'horia@%') AS who"
        " FROM periodic_report WHERE state = 'submitted' LIMIT 1",
    ),
    "/staff/indicators": (STAFF, ""),
    "/staff/indicators/<code>": (
        STAFF, "SELECT code FROM indicator WHERE origin = 'strategy' AND computation = '' LIMIT 1",
    ),
    "/staff/purchases": (STAFF, ""),
    "/staff/purchases/<int:purchase_id>": (
        STAFF, "SELECT purchase_id FROM purchase_amendment ORDER BY id DESC LIMIT 1",
    ),
    "/staff/purchases/new": (STAFF, ""),
    "/staff/purchases/threshold": (STAFF, ""),
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
    "/staff/imports/<int:import_id>": (STAFF, "SELECT max(id) AS import_id FROM data_import WHERE state = 'loaded'"),
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
