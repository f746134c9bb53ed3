"""The periodic reports of the demo city: last year's, signed; this year's, half written; last month's, to be signed."""

from datetime import date, datetime, timedelta
from typing import Any

from civic.clock import city_date, city_moment
from civic.demo.world import APPEALS, STAFF, World, items
from civic.indicators.periods import Period, month_of, year_of
from civic.reports import composing, queries, rules, service, signing
from civic.reports.models import PeriodicReport
from civic.unit_of_work import unit_of_work


def load_periodic(world: World) -> None:
    """Each report of the file; one that is there is left alone."""
    now = world.days.loaded_at
    for item in items("periodic"):
        period = _period(item, city_date(now))
        if queries.find_report(period) is None:
            with unit_of_work():
                # On the tenth of a month after its end, or on the day of loading when that is earlier.
                month = 3 if period.kind == "year" else period.after.month
                at = min(now, city_moment(date(period.after.year, month, 10), 11))
                _write(world, item, service.begin(world.person(STAFF), period, at), at)


def _period(item: dict[str, Any], today: date) -> Period:
    """The year, or the month that is over."""
    if "month" in item:
        return month_of(today.replace(day=1) - timedelta(days=1))
    return year_of(today.year + item["year"])


def _write(world: World, item: dict[str, Any], report: PeriodicReport, at: datetime) -> None:
    staff = world.person(STAFF)
    codes = [one["code"] for one in item["entries"]]
    known = [one.indicator.code for one in queries.list_entries(report.id)]
    service.choose(staff, report.code, [*known, *(one for one in codes if one not in known)], at)
    entries = {one.indicator.code: one for one in queries.list_entries(report.id)}
    for one in item["entries"]:
        _entry(world, report, entries[one["code"]].id, one, at)
    service.write(
        staff, report.code, item["introduction"], item["feedback"], item["taken"], report.version, at
    )
    for one in item.get("accounts", ()):
        _account(world, report, one, at)
    if "office" in item or "submitted" in item:
        signing.submit(staff, report.code, at)
    if "office" in item:
        seen = composing.compose(report, at).sha256.hex()
        signing.sign(world.person(APPEALS), report.code, item["office"], seen, at)


def _entry(world: World, report: PeriodicReport, entry_id: int, item: dict[str, Any], at: datetime) -> None:
    measure, words = item.get("measure", {}), service.Words
    said = words(
        item["analysis"], item["recommendation"], item["responsible"], measure.get("what", ""),
        measure.get("owner", ""), _due(measure["due"], city_date(at)) if measure else None,
    )  # fmt: skip
    department, version = world.departments.get(item.get("department", "")), 1
    if "by" in item:
        # The department's colleague writes once the indicator is theirs.
        given = service.write_entry(
            world.person(STAFF), report.code, entry_id, words("", "", item["responsible"]), department, 1, at
        )
        version = given.version
    writer = world.person(item.get("by", STAFF))
    service.write_entry(writer, report.code, entry_id, said, department, version, at)


def _due(day: str, signed: date) -> date:
    """A month and day of the year in which the report is signed."""
    month, number = (int(part) for part in day.split("-"))
    return max(date(signed.year, month, number), signed)


def _account(world: World, report: PeriodicReport, item: dict[str, Any], at: datetime) -> None:
    found = next(one for one in queries.to_account(report) if one.measure.indicator.code == item["code"])
    due_on = city_date(at) + timedelta(days=item["in_days"])
    said = rules.Account(report.first_day, item["outcome"], due_on)
    service.account(world.person(STAFF), report.code, found.measure.id, said, item["words"], 0, at)
