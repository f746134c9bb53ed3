"""What the demo city does not hold and pages need all the same, as questions put to its database."""

#: What stands in no demo city: identity complaints, a hidden comment, a rejection still to be contested, projects of
#: which one can win, a box whose three holders are at the rehearsal, long work under way, somebody struck from the roll,
#: let in and struck again, a packed publication.
STATES = (
    # the agora: a draft of one's own, a hidden debate, a hidden argument
    "INSERT INTO agora_debate (question, why, dimension, origin, account_id, subject_kind, stances_first, created_at, "
    "with_statements, answer_what, hidden_reason, search_text) SELECT 'Punem bănci pe strada Doamna Ghica?', 'Nu sunt.', 'services', "
    "'resident', id, '', true, now(), false, '', '', '' FROM account WHERE email = 'andrei@civic.example'",
    "INSERT INTO agora_debate (question, why, dimension, origin, account_id, subject_kind, stances_first, created_at, "
    "with_statements, submitted_at, hidden_at, answer_what, hidden_reason, search_text) SELECT 'Cine fură?', 'Toți.', "
    "'policy', 'resident', id, '', true, now(), false, now(), now(), '', 'Acuzație fără dovezi.', '' FROM account "
    "WHERE email = 'mihai@civic.example'",
    # one that has ended and is to be summarised, a hidden objection
    "INSERT INTO agora_debate (question, why, dimension, origin, account_id, subject_kind, stances_first, created_at, "
    "with_statements, submitted_at, opened_at, seconds_until, seconds_needed, closes_at, answer_what, hidden_reason, "
    "search_text) SELECT 'Mutăm stația?', 'E departe.', 'services', 'resident', id, '', true, now(), false, now() - "
    "interval '40 days', now() - interval '40 days', now() - interval '9 days', 5, now() - interval '9 days', '', '', '' "
    "FROM account WHERE email = 'mihai@civic.example'",
    "UPDATE agora_objection SET state = 'hidden', hidden_reason = 'Jignitoare.' WHERE id = (SELECT min(id) FROM agora_objection)",
    "UPDATE agora_post SET state = 'hidden', hidden_reason = 'Jignitor.' WHERE id = (SELECT max(id) FROM agora_post WHERE kind = 'argument' "
    "AND side = 'against')",
    "UPDATE agora_statement SET state = 'hidden', hidden_reason = 'Jignire.' WHERE id = (SELECT max(id) FROM agora_statement)",
    # an invitation to speak for an organisation, whose link ends in a word
    "INSERT INTO organisation_invitation (organisation_id, role, sealed_address, address_mark, token_hash, invited_by_id, "
    "invited_at, expires_at) SELECT id, 'spokesperson', '', '', sha256('invitation'), keeper_id, now(), now() + interval "
    "'9 days' FROM organisation WHERE state = 'suspended'",
    # a declaration that waits for its code, and one by letter
    "INSERT INTO declaration (account_id, method, made_at, consent_version, identity_hash, birth_date, "
    "neighbourhood_id, area_basis, code_hash, code_sent_at, code_until, code_tries) SELECT a.id, 'letter', "
    "now(), 1, decode(repeat('ab', 32), 'hex'), '1980-01-01', (SELECT min(id) FROM neighbourhood), 'domicile', "
    "decode(repeat('cd', 32), 'hex'), now(), now() + interval '20 days', 0 FROM account a "
    "WHERE a.email = 'andrei@civic.example'",
    "INSERT INTO letter_batch (letters, made_at, made_by_id) SELECT 3, now(), id FROM account "
    "WHERE email = 'gabriel@civic.example'",
    "INSERT INTO declaration (account_id, method, channel, made_at, consent_version, identity_hash, birth_date, "
    "neighbourhood_id, area_basis, code_hash, code_sent_at, code_until, code_tries) SELECT a.id, 'declaration', 'email', "
    "now(), 1, decode(repeat('ab', 32), 'hex'), '1980-01-01', (SELECT min(id) FROM neighbourhood), 'domicile', "
    "decode(repeat('cd', 32), 'hex'), now(), now() + interval '9 minutes', 0 FROM account a "
    "WHERE a.email = 'andrei@civic.example'",
    "INSERT INTO publication_archive (round_id, key, sha256, size, made_at) SELECT id, 'publication/demo', "
    "repeat('9e', 32), 1234567, now() FROM round WHERE slug = '2025'",
    "INSERT INTO roll_strike (round_id, voter_id, reason, at) SELECT round_id, max(voter_id), 'Adresă de verificat.', "
    "now() FROM roll_entry JOIN round r ON r.id = round_id WHERE r.slug = '2026' GROUP BY round_id",
    "INSERT INTO roll_lift (strike_id, round_id, voter_id, reason, at) SELECT id, round_id, voter_id, 'A dovedit "
    "adresa.', now() FROM roll_strike",
    "INSERT INTO roll_strike (round_id, voter_id, reason, at, after_id) SELECT round_id, voter_id, 'Locuiește în alt "
    "oraș.', now(), strike_id FROM roll_lift",
    "INSERT INTO identity_complaint (round_id, kind, account_id, text, filed_at, due_at, deadline_id) SELECT r.id, "
    "'identity_used', a.id, 'La ghișeu mi s-a spus că sunt deja verificat cu alt cont.', now(), now() + interval "
    "'3 days', (SELECT max(id) FROM deadline_version WHERE key = 'complaint.answer') FROM round r, account a WHERE "
    "r.slug = '2026' AND a.email = 'andrei@civic.example'",
    "INSERT INTO identity_complaint (round_id, kind, account_id, person_id, text, filed_at, due_at, deadline_id) SELECT "
    "r.id, 'ballot_not_mine', a.id, a.person_id, 'Nu am votat eu.', now(), now() - interval '1 hour', (SELECT max(id) "
    "FROM deadline_version WHERE key = 'complaint.answer') FROM round r, account a WHERE r.slug = '2026' AND a.email = "
    "'ioana@civic.example'",
    "INSERT INTO result_contest (round_id, filed_by_id, text, filed_at, outcome, reason, decided_at, decided_by_id) SELECT "
    "r.id, a.id, 'Nu cred că e bine numărat.', now(), 'dismissed', 'Am numărat din nou: rezultatul e același.', now(), "
    "s.id FROM round r, account a, account s WHERE r.slug = '2025' AND a.email = 'ioana@civic.example' AND s.email = "
    "'simona@civic.example' AND NOT EXISTS (SELECT 1 FROM result_contest c WHERE c.round_id = r.id AND c.filed_by_id = "
    "a.id)",
    "INSERT INTO contest_recount (contest_id, asked_by_id, asked_at, outcome, data, code_version, seconds, finished_at) "
    "SELECT c.id, s.id, now(), 'same', jsonb_build_object('differences', '[]'::jsonb, 'compared', 40, 'second', "
    "jsonb_build_object('wrong', 0, 'said', '[]'::jsonb)), 'civic 1.0, counting 2', 3.214, now() FROM result_contest c, "
    "account s WHERE s.email = 'simona@civic.example'",
    "UPDATE proposal_comment SET state = 'hidden' WHERE id = (SELECT max(c.id) FROM proposal_comment c "
    "JOIN proposal p ON p.id = proposal_id WHERE p.state = 'published' AND c.state = 'visible')",
    "UPDATE proposal SET round_id = NULL, appeal_until = now() + interval '5 days' WHERE id = (SELECT max(id) "
    "FROM proposal WHERE state = 'rejected' AND id NOT IN (SELECT proposal_id FROM appeal))",
    "INSERT INTO witness (round_id, name, address, added_at) SELECT id, 'Ziarul Orașului', 'ziar@presa.example', now() "
    "FROM round WHERE slug IN ('2026', '2027')",
    "INSERT INTO exclusive_set (round_id, name) SELECT id, 'Piața Obor' FROM round WHERE slug = '2027'",
    # a close that one of two people began
    "INSERT INTO ceremony_stage (round_id, stage, proposed_by_id, proposed_at, given, same_screen, names, "
    "stopped_saying) SELECT r.id, 'close', a.id, now(), '{}', false, '{}', '' FROM round r, account a WHERE r.slug = "
    "'plumbuita-2026' AND a.email = 'irina@civic.example'",
    "INSERT INTO custody (round_id, kind) SELECT id, 'holders' FROM round WHERE slug = '2027'",
    "INSERT INTO custody_key (round_id, place, account_id, name, title, kept, public_key, made_at, confirmed_at) SELECT "
    "r.id, row_number() OVER (ORDER BY a.email DESC), a.id, a.display_name, 'profesoară la Școala 3', '', "
    "sha256(a.email::bytea), now(), now() FROM account a, round r WHERE r.slug = '2027' AND a.email IN "
    "('ioana@civic.example', 'radu@civic.example', 'gabriel@civic.example')",
    "INSERT INTO custody_pair (round_id, first, second, at) SELECT id, 1, 2, now() FROM round WHERE slug = '2027'",
    # a letter that was no contribution, and a debate whose minutes are late
    "INSERT INTO contribution_letter (message_mark, sender_mark, received_at, taken_at, state, reason, decided_by_id, "
    "decided_at) SELECT sha256('aside'), sha256('sender'), now() - interval '3 days', now() - interval '3 days', "
    "'set_aside', 'Este o reclamă la ferestre.', id, now() FROM account WHERE email = 'gabriel@civic.example'",
    "INSERT INTO debate (consultation_id, starts_at, place, link, minutes_each, sign_up_until, announced_at, "
    "cancelled_reason, ended_at, attendance, minutes_due_at, minutes_version_id, minutes_text, recording) SELECT "
    "consultation_id, starts_at - interval '1 day', place, link, minutes_each, sign_up_until - interval '1 day', "
    "announced_at - interval '1 day', '', ended_at - interval '1 day', attendance, now() - interval '2 days', "
    "minutes_version_id, '', '' FROM debate WHERE ended_at IS NOT NULL",
    "INSERT INTO task (kind, params, state, done, total, message, result, account_id, created_at) SELECT 'demo', '{}', "
    "'running', 3, 10, '', '{}', id, now() FROM account WHERE email = 'daniela@civic.example'",
    "INSERT INTO task (kind, params, state, done, total, message, result, account_id, created_at) SELECT "
    "'vote.what_if', jsonb_build_object('round', round_id, 'pot', pot_id, 'budget', '1000', 'without', "
    "jsonb_build_array(code), 'more', jsonb_build_object(code, 3)), 'done', 2, 2, '', jsonb_build_object('selected', "
    "jsonb_build_array(code), 'gained', jsonb_build_array(code), 'lost', '[]'::jsonb, 'spent', '900', 'budget', "
    "'1000', 'voters', 20, 'with_winner', 9, 'milliseconds', 12), a.id, now() FROM account a, project p JOIN round r "
    "ON r.id = p.round_id WHERE a.email = 'victor@civic.example' AND r.slug = '2025' ORDER BY p.id LIMIT 1",
    # a workbook of several sheets whose columns are to be matched, its amounts in thousands
    "INSERT INTO data_import (dataset, source_id, as_of, file_key, file_name, format, sha256, columns, sample, mapping, state, "
    "read, total, fresh, changed, same, refused, without_refused, stopped, created_at, sheet, sheets, unit) SELECT dataset, id, "
    "'2024-12-31', 'import/state', 'registru.xlsx', 'xlsx', sha256('state'), '[\"Nr. crt.\", \"Valoarea estimată fără TVA (mii "
    "lei)\"]', '[[\"1\", \"1234.5\"]]', '{\"import_key\": \"Nr. crt.\"}', 'matching', 0, 0, 0, 0, 0, 0, false, '', now(), "
    "'Achiziții', '[\"Achiziții\", \"Anexa 2\"]', 1000 FROM import_source WHERE dataset = 'purchases' LIMIT 1",
)
