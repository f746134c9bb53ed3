"""Who opens pages of the demo city, and the questions that find what an address names."""

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
#: A periodic report that everyone reads, and one that is being written.
REPORTED = "SELECT to_char(first_day, 'YYYY') AS code FROM periodic_report WHERE edition > 0 LIMIT 1"
REPORT_BEGUN = (
    "SELECT to_char(first_day, 'YYYY') AS code FROM periodic_report WHERE state = 'writing' LIMIT 1"
)
