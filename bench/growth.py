"""How much slower each list, page, chart and page of the open data is at full size than at a hundredth of it.

Rows are made in SQL by the database itself. Every address is asked in this process by a reader who shares no kept
page, so that what is measured is the work of a request; the figure is the worst of the ratios and names its address.
"""

import statistics
import tempfile
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import create_engine
from sqlalchemy.engine import Engine

from bench.results import Results
from bench.servers import bench_settings
from civic.app import create_app
from civic.content.sitemap import PAGE_SIZE as SITEMAP_SIZE
from civic.extensions import db, limiter

#: Rows at full size; the small size is a hundredth.
DELIVERIES, PURCHASES, EVENTS = 50_000, 1_000_000, 5_000_000
SHARE = 100
#: Of a city, the same at both sizes; at the small one the events are those of as many decisions less, so that the
#: history of one decision is as long at both.
AREAS, DEPARTMENTS, DECISIONS, CHAPTERS = 8, 8, 2_000, 40
ROUNDS, WARM = 9, 2

_CITY = f"""
INSERT INTO neighbourhood (slug, name, sort_key, latitude, longitude, shape, vulnerable)
SELECT 'n' || i, 'Cartierul ' || i, lpad(i::text, 4, '0'), 44.4 + i / 1000.0, 26.1 + i / 1000.0,
       '[[[26.1, 44.4], [26.2, 44.4], [26.2, 44.5], [26.1, 44.4]]]', false FROM generate_series(1, {AREAS}) i;
INSERT INTO department (slug, name, sort_key, email)
SELECT 'd' || i, 'Direcția ' || i, lpad(i::text, 4, '0'), '' FROM generate_series(1, {DEPARTMENTS}) i;
INSERT INTO category (slug, name_ro, name_en, icon, tint, position)
SELECT 'c' || i, 'Domeniul ' || i, 'Domain ' || i, 'tree', 'green', i FROM generate_series(1, 8) i;
INSERT INTO budget_chapter (kind, name, code, year, approved, executed, currency, changed_at)
SELECT (ARRAY['expenditure', 'revenue'])[1 + i % 2], 'Capitolul ' || i, '', 2015 + i % 10, 1000.5 * i, 900.25 * i, 'RON', now()
FROM generate_series(1, {CHAPTERS * 10}) i;
INSERT INTO council_decision (kind, number, year, issuer, title, citation, relation, search_text, changed_at)
SELECT 'council', i::text, 2015 + i % 10, 'Consiliul Local', 'Hotărârea ' || i, '', '', 'hotararea ' || i, now()
FROM generate_series(1, {DECISIONS}) i;
INSERT INTO account (email, password_hash, display_name, locale, created_at, email_confirmed_at, session_epoch)
VALUES ('clerk@civic.example', '-', 'Clerk', 'ro', now(), now(), 0);
INSERT INTO role_grant (account_id, role, granted_at) SELECT id, 'staff', now() FROM account;
"""
_STAGES = (
    "'{in_procurement,in_execution,completed,received,in_design,contract_signed,in_preparation}'::text[]"
)
#: A number without a pattern for a row's number, so that no two columns go together.
_MIXED = "(hashint4(i + {0}) & 2147483647)"
_R = [_MIXED.format(salt) for salt in range(0, 9_000_000, 1_000_000)]
_DELIVERIES = f"""
INSERT INTO delivery (title, objective, indicator, budget, budget_basis, spent, currency, funding_source, council_decision,
    place, latitude, longitude, department_id, neighbourhood_id, category_id, status, status_reason, status_since,
    started_on, planned_end, created_at, changed_at, version, search_text, source_reference, note, parent_key, same_as_key)
SELECT 'Lucrarea ' || i, 'De ce se face', 'După ce se vede', CASE WHEN i % 5 > 0 THEN i * 10.5 END, '', i * 3.25, 'RON', 'buget', '',
    '', 44.4 + (i % 1000) / 10000.0, 26.1 + (i % 997) / 10000.0, 1 + {_R[0]} % {DEPARTMENTS}, 1 + {_R[1]} % {AREAS},
    1 + {_R[2]} % 8, ({_STAGES})[1 + {_R[3]} % 7], '', now() - i * interval '1 minute', DATE '2024-01-01',
    DATE '2026-01-01' + {_R[4]} % 700, now() - i * interval '1 minute', now() - i * interval '1 minute', 1,
    'lucrarea ' || i || ' strada ' || i % 10 || CASE WHEN i % 10 = 0 THEN ' parc' ELSE '' END, '', '', '', ''
FROM generate_series(:first, :last) i;
INSERT INTO delivery_stage (delivery_id, status, since)
SELECT i, ({_STAGES})[1 + n % 7], now() - (i % 700 + 30 * n) * interval '1 day'
FROM generate_series(:first, :last) i, generate_series(1, 3) n;
"""
_PURCHASES = f"""
INSERT INTO purchase (title, procedure, categories, amount_net, currency, year, signed_on, supplier, supplier_code,
    contract_number, buyer, department_id, project, field, delivery_id, published, created_at, changed_at, version, search_text)
SELECT 'Achiziția ' || i, (ARRAY['open', 'direct', 'simplified', 'framework'])[1 + {_R[0]} % 4],
    ARRAY[(ARRAY['goods', 'services', 'works'])[1 + {_R[1]} % 3]]::varchar[], i * 1.25, 'RON', 2015 + {_R[2]} % 10,
    DATE '2015-01-01' + i % 3600, 'Furnizorul ' || {_R[3]} % 100, 'RO' || {_R[3]} % 100, i::text, '',
    1 + {_R[4]} % {DEPARTMENTS}, '', '', 1 + i % :deliveries, {_R[5]} % 7 > 0,
    now() - i * interval '1 second', now() - i * interval '1 second', 1,
    'achizitia ' || i || ' furnizorul ' || {_R[3]} % 100 || CASE WHEN {_R[6]} % 10 = 0 THEN ' banci' ELSE '' END
FROM generate_series(:first, :last) i;
"""
_EVENTS = """
INSERT INTO timeline_event (subject_kind, subject_id, event, at, role, reason, data, area_id, dimension, department_id,
    placed)
SELECT 'delivery', one.id, 'delivery.paid', now() - i * interval '1 second', 'staff', '', '{}',
    one.neighbourhood_id, 'services', one.department_id, true
FROM generate_series(:first, :last) i JOIN delivery one ON one.id = 1 + i % :deliveries WHERE i % 10 > 0;
INSERT INTO timeline_event (subject_kind, subject_id, event, at, role, reason, data, dimension, placed)
SELECT 'decision', one.id, 'decision.corrected', now() - i * interval '1 second', 'staff', '', '{}',
    (ARRAY['services', 'budgeting', NULL])[1 + one.id % 3], true
FROM generate_series(:first, :last) i JOIN council_decision one ON one.id = 1 + i / 10 % :decisions
WHERE i % 10 = 0;
"""

TRACKER = (
    "/", "/deliveries", "/deliveries?page=2", "/deliveries?page={last_page}", "/deliveries?status=finished",
    "/deliveries?status=in_execution&area=n2", "/deliveries?area=n3", "/deliveries?category=c3", "/deliveries?department=d5",
    "/deliveries?late=1", "/deliveries?q=parc", "/deliveries?q=strada+7", "/deliveries?q=lucrarea", "/deliveries?view=map",
    "/deliveries/figures", "/deliveries/{delivery}", "/neighbourhoods", "/neighbourhoods/n3",
    "/purchases", "/purchases?year=2020", "/purchases?procedure=direct&category=works", "/purchases?department=d5",
    "/purchases?q=banci", "/purchases?q=banci&year=2020", "/purchases?q=banci&department=d3", "/purchases?q=banci&after=2019-{middle}",
    "/purchases?q=furnizorul+77", "/purchases?q=furnizorul+{purchase}", "/purchases?q=nimic", "/purchases?after=2019-{middle}",
    "/purchases/{purchase}", "/purchases/{purchase}/ocds.json", "/budget", "/budget/2020?kind=revenue", "/budget/2021/chapters/6",
    "/decisions", "/decisions?year=2020", "/decisions?q=hotararea", "/decisions/7", "/services-in-figures", "/indicators",
    "/search?q=parc", "/search?q=banci", "/search?q=furnizorul+{purchase}", "/search?q=nimic", "/open-data", "/open-data/purchases",
    "/activity", "/activity?area=n3", "/activity?area=n3&department=d5", "/activity?kind=decision", "/activity?dimension=services",
    "/activity?dimension=services&kind=decision", "/activity?before={older}-1", "/activity?area=n3&before={older}-1",
    "/activity/events.atom?department=d5", "/sitemap.xml", "/sitemap-purchases-{map}.xml",
)  # fmt: skip
#: Of those who work with them.
STAFF = (
    "/staff", "/staff/deliveries", "/staff/deliveries?page={last_page}", "/staff/deliveries?q=strada+7", "/staff/deliveries/{delivery}",
    "/staff/purchases", "/staff/purchases?year=2020", "/staff/purchases?q=banci", "/staff/purchases?q=nimic",
    "/staff/purchases?after=2019-{middle}", "/staff/purchases/{purchase}", "/staff/purchases/threshold", "/staff/decisions",
    "/staff/decisions/7", "/staff/budget", "/staff/indicators", "/staff/reports", "/staff/imports",
)  # fmt: skip
API = tuple(
    f"/api/v1/{one}"
    for one in (
    "deliveries", "deliveries?limit=200", "deliveries?after={delivery}", "deliveries?status=completed", "deliveries?neighbourhood_id=3",
    "deliveries?changed_since={recent}", "deliveries/{delivery}", "purchases", "purchases?limit=200", "purchases?after={middle}",
    "purchases?year=2020", "purchases?procedure=direct", "purchases?category=works", "purchases?department_id=5",
    "purchases?delivery_id=7", "purchases?changed_since={recent}", "purchases/{purchase}", "purchase-amendments", "budget",
    "budget?year=2020", "decisions", "neighbourhoods", "events", "events?kind=decision", "events?after={middle}",
    "events?neighbourhood_id=3", "events?neighbourhood_id=3&department_id=5", "events?dimension=services&after={middle}",
    "events?dimension=services&department_id=5", "events?dimension=budgeting&department_id=5",
    "events?neighbourhood_id=3&dimension=budgeting", "events?kind=decision&department_id=5",
    "events?kind=decision&dimension=services",
    )
)  # fmt: skip


#: What is made, and of how many rows at full size.
_MADE = {
    "delivery": (_DELIVERIES, DELIVERIES),
    "purchase": (_PURCHASES, PURCHASES),
    "event": (_EVENTS, EVENTS),
}


def fill(engine: Engine, share: int, only: Collection[str] = tuple(_MADE)) -> None:
    """Make the city and one in `share` of all rows, or of some kinds `only`, in an empty database."""
    connection = engine.raw_connection()
    connection.driver_connection.autocommit = True  # type: ignore[union-attr]
    cursor = connection.cursor()
    cursor.execute(_CITY)
    for statement, whole in (_MADE[name] for name in only):
        values = {
            ":first": 1,
            ":last": whole // share,
            ":deliveries": DELIVERIES // share,
            ":decisions": DECISIONS // share,
        }
        for name, value in values.items():
            statement = statement.replace(name, str(value))
        cursor.execute(statement)
    cursor.execute("VACUUM ANALYZE")
    connection.close()


def places(share: int) -> dict[str, str]:
    """What addresses name at a size: something in the middle of each table, and the ends of lists."""
    return {
        "last_page": str(-(-(DELIVERIES // share) // 24)),
        "map": str(PURCHASES // share // SITEMAP_SIZE),  # the last that is full
        "delivery": str(DELIVERIES // share // 2),
        "middle": str(PURCHASES // share // 2),
        "purchase": str(PURCHASES // share // 2 + 1),
        "older": str(int(time.time() - EVENTS // share // 2) * 1_000_000),
        "recent": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 3_600)),
    }


def asked(browser: FlaskClient, address: str) -> float:
    """Milliseconds of a request."""
    started = time.perf_counter()
    answer = browser.get(address)
    taken = time.perf_counter() - started
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")
    return taken * 1000


@contextmanager
def city(share: int, only: Collection[str] = tuple(_MADE)) -> Iterator[FlaskClient]:
    """A reader of a city with one in `share` of all rows, which lies in a server of its own."""
    with tempfile.TemporaryDirectory(prefix="civic-growth-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        postgres, settings = bench_settings(folder)
        app = create_app(settings)
        try:
            owner = create_engine(settings.database_owner_url)
            started = time.monotonic()
            fill(owner, share, only)
            owner.dispose()
            print(f"  rows of 1/{share} made in {time.monotonic() - started:.0f} s", flush=True)
            browser = app.test_client()
            browser.set_cookie("reader", "1")  # a page of whoever carries a cookie is not kept
            yield browser
        finally:
            with app.app_context():
                for engine in db.engines.values():
                    engine.dispose()
            postgres.stop()


def sign_in(browser: FlaskClient) -> None:
    """From here on the one who asks is the clerk."""
    with browser.session_transaction() as session:
        session.update(_user_id="1.0", _fresh=True)


#: (ratio, milliseconds at a hundredth, milliseconds at full size, address)
Grown = tuple[float, float, float, str]


def growth(small: FlaskClient, full: FlaskClient, addresses: Collection[str]) -> list[Grown]:
    """The medians of requests made by turns. Each round asks every address once, so that what else the machine does
    for a moment falls on many addresses a little and not on all the requests of one.
    """
    times: dict[str, list[tuple[float, float]]] = {address: [] for address in addresses}
    for _round in range(WARM + ROUNDS):
        for address, taken in times.items():
            before, after = (address.format(**places(share)) for share in (SHARE, 1))
            taken.append((asked(small, before), asked(full, after)))
    found = []
    for address, taken in times.items():
        small_ms, full_ms = (statistics.median(one) for one in zip(*taken[WARM:], strict=True))
        found.append((full_ms / small_ms, small_ms, full_ms, address))
    return found


def measure(results: Results) -> None:
    """tracker.growth and api.growth."""
    limiter.enabled = False
    with city(SHARE) as small, city(1) as full:
        found = {}
        for addresses in (TRACKER, API, STAFF):
            if addresses is STAFF:
                sign_in(small)
                sign_in(full)
            found[addresses] = growth(small, full, addresses)
        for figure, measured in (
            ("tracker.growth", found[TRACKER] + found[STAFF]),
            ("api.growth", found[API]),
        ):
            measured.sort(reverse=True)
            for ratio, before, after, address in measured:
                print(f"  {ratio:6.2f}  {before:7.1f} ms  {after:7.1f} ms  {address}", flush=True)
            ratio, before, after, address = measured[0]
            reference = (
                f"{DELIVERIES} deliveries, {PURCHASES} purchases, {EVENTS} events over 1 % of them; "
                f"worst: {address}, {before:.1f} to {after:.1f} ms"
            )
            results.add(figure, ratio, "", reference, ROUNDS)
    limiter.enabled = True
