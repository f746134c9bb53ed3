"""What changed since the last visit, and the health of a debate, as pages show them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import g
from flask_babel import gettext as _

from civic import timeline
from civic.accounts.describing.words import AGE_BAND_NAMES
from civic.clock import city_date, city_moment
from civic.format import moment, ngettext, number, percent
from civic.suppression import LEAST_CELL
from consultations import areas as areas_of_city
from consultations.agora.arguing import queries as arguing
from consultations.agora.arguing import rules as judging
from consultations.agora.arguing.models import AgoraParticipant
from consultations.agora.lasting import policy, queries, rules, service
from consultations.agora.lasting.labels import HEAT, TONES
from consultations.agora.models import AgoraDebate

# --- what changed ----------------------------------------------------------------------------------------


def digest(
    one: AgoraDebate,
    participant: AgoraParticipant | None,
    events: Sequence[timeline.TimelineEvent],
    since: datetime | None,
) -> dict[str, Any] | None:
    """What is new since the reader's last visit, in sentences; None where nothing is. One query."""
    if since is None:
        return None
    found = queries.news_since(one.id, participant.id if participant else None, since)
    lines = [event.sentence for event in events if event.at > since]
    if found.to_mine:
        lines.append(
            ngettext("%(num)s answer to what you argued", "%(num)s answers to what you argued", found.to_mine)
        )
    counted = (
        (found.arguments, ngettext("%(num)s new argument", "%(num)s new arguments", found.arguments)),
        (found.positions, ngettext("%(num)s new position", "%(num)s new positions", found.positions)),
        (
            found.answers - found.to_mine,
            ngettext("%(num)s answer to others", "%(num)s answers to others", found.answers - found.to_mine),
        ),
        (
            found.notes,
            ngettext("%(num)s fact from the city hall", "%(num)s facts from the city hall", found.notes),
        ),
        (
            found.statements,
            ngettext("%(num)s new statement", "%(num)s new statements", found.statements),
        ),
        (found.acts, ngettext("%(num)s act of the moderators", "%(num)s acts of the moderators", found.acts)),
    )
    lines += [words for many, words in counted if many]
    return {"since": since, "lines": lines} if lines else None


# --- health ----------------------------------------------------------------------------------------------


def health_context(one: AgoraDebate, now: datetime) -> dict[str, Any]:
    """Who takes part, who is missing, how the city hall answers, how heated it is. No figure is of fewer than five."""
    before = city_moment(city_date(now))
    counted, nowhere = queries.areas_of(one.id, before)
    areas, unknown = rules.shown_areas(counted, nowhere)
    people = sum(area.people or 0 for area in areas)
    residents = sum(area.population or 0 for area in areas)
    invited = queries.list_invitations(one.id)
    new, known = rules.shown_pair(*queries.count_new_voices(one.id, before))
    texts = queries.count_texts(one.id, now)
    camps = _camps(one.id)
    apart = queries.average_distance(one.id, camps)
    ends = min(now, one.closes_at or now)
    days = max(1, (ends - (one.opened_at or now)) // timedelta(days=1))
    heat = rules.heat_of(texts.last_day, texts.total, days, apart)
    few = _("fewer than %(least)s, or not shown", least=rules.LEAST)
    return {
        "debate": one,
        "areas": [
            {
                "id": area.area_id,
                "name": area.name,
                "people": few if area.people is None else number(area.people),
                "share": "–" if area.people is None or not people else percent(area.people / people),
                "residents": percent(area.population / residents) if area.population and residents else "–",
                "quiet": rules.is_quiet(area, people, residents),
                # What is not shown may be hidden for its neighbour's sake: nobody says that it is missing.
                "missing": area.people is not None and rules.is_quiet(area, people, residents),
                "invited": invited.get(area.area_id),
            }
            for area in areas
        ],
        **_ages(one, now),
        "people": people,
        "unknown": few if unknown is None else number(unknown),
        "new_voices": percent(new / (new + known)) if new is not None and known is not None else "",
        "texts": texts,
        "answered": percent(texts.answered / texts.arguments) if texts.arguments else "",
        "usual_day": number(round(texts.total / days)),
        "apart": percent(apart) if apart is not None else "",
        "heat": HEAT[heat],
        "heat_tone": TONES[heat],
        "before": before,
        "can_invite": policy.can_invite(g.actor, one, now),
        "least": rules.LEAST,
        "least_ages": LEAST_CELL,
    }


def _ages(one: AgoraDebate, now: datetime) -> dict[str, Any]:
    """The ages that people said they are of, those that are missing, and who of them was invited."""
    few = _("fewer than %(least)s, or not shown", least=LEAST_CELL)
    found, unsaid = service.ages(one, now)
    people, residents = sum(age.people or 0 for age in found), sum(age.population or 0 for age in found)
    quiet = rules.quiet_of(found)
    rows = [
        {
            "name": AGE_BAND_NAMES[age.band],
            "people": few if age.people is None else number(age.people),
            "share": "–" if age.people is None or not people else percent(age.people / people),
            "residents": percent(age.population / residents) if age.population and residents else "–",
            "missing": age.people is not None and age in quiet,
        }
        for age in found
    ]
    sent = [
        [str(AGE_BAND_NAMES[band]), area or _("The whole city"), moment(at)]
        for band, area, at in queries.list_age_invitations(one.id)
    ]
    return {
        "ages": rows if people else [],
        "unsaid": few if unsaid is None else number(unsaid),
        "age_invitations": sent,
        "quiet_ages": [(age.band, AGE_BAND_NAMES[age.band]) for age in quiet],
        "area_choices": areas_of_city.choices(),
    }


def _camps(debate_id: int) -> tuple[int, ...]:
    return judging.active_camps(arguing.most_judged(debate_id))
