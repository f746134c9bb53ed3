"""How long the indicators take in a city of 300,000 verified people: over all past periods at first, then in a night."""

import tempfile
import time
from pathlib import Path

from sqlalchemy import create_engine, func, select

from bench.growth import fill
from bench.results import Results
from bench.servers import bench_settings
from civic import clock
from civic.app import create_app
from civic.extensions import db
from civic.indicators import jobs
from civic.indicators.models import IndicatorValue

PEOPLE, PROPOSALS, COMMENTS, VOTES = 300_000, 20_000, 1_000_000, 4
#: Days over which everything happened.
DAYS = 1_300

_AT = f"now() - (hashint4(i) & 2147483647) % {DAYS} * interval '1 day'"
_ROWS = f"""
INSERT INTO person (identity_hash, birth_date, method, neighbourhood_id, area_basis, verified_at)
SELECT sha256(i::text::bytea), DATE '1950-01-01' + i % 22000, 'desk', 1 + i % 8, 'domicile', {_AT}
FROM generate_series(1, {PEOPLE}) i;
INSERT INTO account (email, password_hash, display_name, locale, created_at, email_confirmed_at, session_epoch, person_id)
SELECT 'a' || i || '@civic.example', '-', 'Om ' || i, 'ro', {_AT}, {_AT}, 0, i FROM generate_series(1, {PEOPLE}) i;
INSERT INTO self_description (account_id, gender, age_band, given_at)
SELECT i, (ARRAY['woman', 'man', 'another'])[1 + i % 3], NULL, {_AT} FROM generate_series(1, {PEOPLE}, 2) i;
INSERT INTO follow (account_id, subject_kind, subject_id, since)
SELECT 1 + i % {PEOPLE}, (ARRAY['delivery', 'decision', 'proposal'])[1 + i / {PEOPLE}], 1 + i % 5000, {_AT}
FROM generate_series(0, {3 * PEOPLE - 1}) i;
INSERT INTO proposal (author_id, title, problem, idea, neighbourhood_id, category_id, estimated_cost, cost_text, place, state,
    author_label, state_since, created_at, updated_at, submitted_at, published_at, version, editor, search_text)
SELECT 1 + i * 7 % {PEOPLE}, 'Propunerea ' || i, 'De ce', 'Ce', 1 + i % 8, 1 + i % 8, 100000, '', '', 'published',
    '', {_AT}, {_AT}, {_AT}, {_AT}, {_AT}, 1, '', 'propunerea ' || i FROM generate_series(1, {PROPOSALS}) i;
INSERT INTO proposal_comment (proposal_id, author_id, body, state, created_at, depth)
SELECT 1 + i % {PROPOSALS}, 1 + i * 3 % {PEOPLE}, 'Da, ' || i, 'visible', {_AT}, 0 FROM generate_series(1, {COMMENTS}) i;
INSERT INTO round (slug, name, kind, currency, summary, regulation, regulation_decision, area_basis, late_registration,
    counting_rule, publication_mode, created_at, published_at, frozen_at, closed_at, results_at, fingerprint, adopted_by)
SELECT 'r' || n, 'Ediția ' || n, 'city', 'RON', '', '', '', 'any', true, '{{}}', 'inclusion_only', at, at, at, at, at, 'f', ''
FROM (SELECT n, now() - (n * 300 + 20) * interval '1 day' AS at FROM generate_series(1, {VOTES}) n) one;
INSERT INTO participation (round_id, voter_id, channel)
SELECT n, i, (ARRAY['online', 'online', 'desk'])[1 + i % 3] FROM generate_series(1, {VOTES}) n, generate_series(n, {PEOPLE}, 3) i;
INSERT INTO population_figure (year, age_from, age_to, inhabitants, changed_at, source_reference, note)
SELECT y, 0, NULL, 372913, now(), '', '' FROM generate_series(2022, 2026) y;
"""


def measure(results: Results) -> None:
    """indicators.first.seconds and indicators.night.seconds."""
    with tempfile.TemporaryDirectory(prefix="civic-indicators-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        postgres, settings = bench_settings(folder)
        app = create_app(settings)
        owner = create_engine(settings.database_owner_url)
        fill(owner, 1, only=("delivery",))
        connection = owner.raw_connection()
        connection.driver_connection.autocommit = True  # type: ignore[union-attr]
        connection.cursor().execute(_ROWS)
        connection.cursor().execute("VACUUM ANALYZE")
        connection.close()
        owner.dispose()
        taken = []
        with app.app_context():
            for _time in range(2):
                started = time.perf_counter()
                jobs.compute(clock.now())
                taken.append(time.perf_counter() - started)
            values = db.session.scalar(select(func.count()).select_from(IndicatorValue)) or 0
            known = select(func.count()).where(IndicatorValue.value.is_not(None))
            told = db.session.scalar(known) or 0
            db.session.rollback()
            for engine in db.engines.values():
                engine.dispose()
        postgres.stop()
    if told < 200:
        raise RuntimeError(f"only {told} values of {values} could be computed")
    what = f"{PEOPLE} people, {COMMENTS} comments, {VOTES} votes, 50000 works"
    results.add("indicators.first.seconds", taken[0], "s", f"all periods there are ({values} values): {what}")
    results.add("indicators.night.seconds", taken[1], "s", f"a night after them: {what}")
