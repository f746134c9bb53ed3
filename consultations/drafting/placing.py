"""What people say about the place a remark was given in a new edition: that it is right, or that it is not."""

from datetime import datetime

from flask_babel import gettext as _

from civic import audit
from civic.actor import Actor
from civic.errors import Conflict
from civic.extensions import db
from civic.policy import enforce
from consultations import queries as consultations
from consultations.drafting import policy, queries, telling
from consultations.drafting.models import Annotation
from consultations.drafting.service import KIND


def judge_place(actor: Actor, annotation_id: int, edition_id: int, right: bool, now: datetime) -> Annotation:
    """Keep a remark where it was found, or list it with those whose text has changed; recorded either way.

    `edition_id` is the edition in which the place was seen. Raises NotAllowed, or Conflict when it is decided already
    or a newer edition came.
    """
    annotation = queries.get_annotation(annotation_id, lock=True)
    enforce(policy.can_judge_place(actor, annotation))
    if not annotation.is_marked or annotation.edition_id != edition_id:
        raise Conflict(
            _("This place was decided already, or the text has changed again. Look at it once more.")
        )
    by = "author" if actor.id == annotation.author_id else "staff"
    details = {"edition": annotation.edition_id, "key": annotation.key, "by": by}
    audit.record(
        actor,
        "annotation.place_confirmed" if right else "annotation.place_refused",
        KIND,
        annotation.id,
        now,
        details,
    )
    if right:
        annotation.how = "confirmed"
    else:
        annotation.edition_id = annotation.made_id
        annotation.key, annotation.start = queries.place_written(annotation)
        annotation.end = annotation.start + len(annotation.quote)
        annotation.how = "refused"
        if by == "staff":
            title = consultations.get_consultation(annotation.consultation_id).title
            telling.tell_refused(annotation, title, now)
    db.session.flush()
    return annotation
