"""The worker's part when an edition is published: every annotation is looked for in it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from civic import clock
from civic.extensions import db
from civic.unit_of_work import unit_of_work
from consultations.drafting import queries, rules, telling
from consultations.drafting.models import Annotation
from consultations.drafting.wording import Edition, plain

if TYPE_CHECKING:
    from consultations.drafting.anchoring import Reanchoring

_BATCH = 500


def _load(edition_id: int) -> Edition:
    return Edition((row.key, row.text) for row in queries.list_keyed(edition_id))


def reanchor_all(params: dict[str, Any], progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Look for every annotation of a consultation in its newest edition, from the edition where it last stood.

    A batch is a transaction; killed and begun again, it goes on with those not looked for yet.
    """
    from consultations.drafting.anchoring import Reanchoring

    consultation_id = params["consultation_id"]
    current = queries.current_edition(consultation_id)
    if current is None:
        return {}
    target_id = current.id
    target = _load(target_id)
    # One edition at a time: they come in that order, and each takes as much memory as a text and its words.
    search, searched = None, 0
    total = queries.count_unchecked(consultation_id, target_id)
    done = found = 0
    while True:
        with unit_of_work():
            batch = queries.list_unchecked(consultation_id, target_id, _BATCH)
            placed = []
            for annotation in batch:
                if search is None or searched != annotation.edition_id:
                    searched = annotation.edition_id
                    search = Reanchoring(_load(searched), target)
                placed.append(_placed(annotation, search, target_id))
            # One statement for those that were found and one for the others, however they follow one another.
            for rows in ([row for row in placed if len(row) > 2], [row for row in placed if len(row) == 2]):
                if rows:
                    db.session.execute(update(Annotation), rows)
            found += sum(len(row) > 2 for row in placed)
        if not batch:
            break
        done += len(batch)
        progress(min(done, total), total)
    telling.tell_authors(current, clock.now())
    return {"consultation_id": consultation_id, "found": found, "lost": done - found}


def _placed(annotation: Annotation, search: "Reanchoring", target_id: int) -> dict[str, Any]:
    """What to write down about an annotation: where it stands now, or only that it was looked for."""
    from consultations.drafting.anchoring import Passage

    place = search.find(Passage(annotation.key, annotation.start, annotation.end))
    # Where people said that a place was wrong, only its very words in their section are believed.
    if place is None or (annotation.how == "refused" and place.how != "exact"):
        return {"id": annotation.id, "checked_id": target_id}
    start, end, how = place.start, place.end, place.how
    if annotation.whole and place.key == annotation.key:
        start, end = 0, len(search.new.text[place.key])
        if plain(annotation.quote) != search.new.plain[place.key]:
            how = "changed"
    return {
        "id": annotation.id,
        "checked_id": target_id,
        "edition_id": target_id,
        "key": place.key,
        "start": start,
        "end": end,
        "how": rules.how_now(annotation.how, how),
    }
