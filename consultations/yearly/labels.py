"""The yearly report in words."""

from flask_babel import lazy_gettext as _l

SECTIONS = {
    "drafts": _l("Drafts of acts"),
    "recommendations": _l("Recommendations"),
    "debates": _l("Public debates"),
    "meetings": _l("Public meetings"),
    "court": _l("Cases in court"),
    "society": _l("Civil society and minorities"),
    "evaluation": _l("The city hall's own evaluation"),
}

ITEMS = {
    "drafts.announced": _l("Drafts of acts announced publicly"),
    "drafts.on_site": _l("announced on this site"),
    "drafts.on_premises": _l("displayed at the city hall"),
    "drafts.in_media": _l("announced in the press"),
    "drafts.on_request": _l("sent to those who asked to be told"),
    "drafts.in_gazette": _l("announced in the local official gazette"),
    "drafts.urgent": _l("announced under the urgent procedure"),
    "drafts.adopted": _l("Drafts adopted in the year"),
    "drafts.rejected": _l("Drafts not adopted in the year"),
    "drafts.withdrawn": _l("Drafts withdrawn in the year"),
    "drafts.not_announced": _l("Acts adopted without having been announced"),
    "drafts.asked_for": _l("Requests for information about drafts"),
    "drafts.responsible": _l("People responsible for the relation with civil society"),
    "recommendations.received": _l("Recommendations received"),
    "recommendations.taken_up": _l("of them taken up, whole or in part"),
    "recommendations.of_organisations": _l("received from organisations"),
    "recommendations.of_organisations_taken_up": _l("from organisations, taken up"),
    "recommendations.unanswered": _l("still without an answer"),
    "debates.requested": _l("Requests for a debate by organisations"),
    "debates.held": _l("Public debates held"),
    "debates.held_on_request": _l("held because an organisation asked"),
    "debates.participants": _l("People who came to the debates"),
    "meetings.announced": _l("Public meetings announced"),
    "meetings.public": _l("Public meetings held"),
    "meetings.participants": _l("People who came to the meetings"),
    "meetings.with_media": _l("meetings in the presence of the press"),
    "meetings.observations": _l("Observations and recommendations made in meetings"),
    "meetings.observations_taken_up": _l("of them taken up in decisions"),
    "meetings.not_public": _l("Meetings that were not public"),
    "meetings.minutes": _l("Minutes of public meetings"),
    "meetings.minutes_public": _l("minutes that were published"),
    "meetings.not_public_why": _l("Why meetings were not public"),
    "court.sued": _l("Cases in which the authority was sued for not respecting the law"),
    "court.lost": _l("decided for the one who sued"),
    "court.won": _l("decided for the authority"),
    "court.pending": _l("not decided yet"),
    "society.organisations": _l("Verified organisations at the end of the year"),
    "society.consultations": _l("Consultations in which organisations took part"),
    "society.minority_consultations": _l("Consultations with minorities"),
    "society.interventions": _l("Interventions of organisations"),
    "society.interventions_taken_up": _l("of them taken up, whole or in part"),
    "society.minority_interventions": _l("Interventions of organisations of minorities"),
    "society.minority_interventions_taken_up": _l("of minorities, taken up"),
    "society.minority_decisions": _l("Decisions that represent minorities"),
    "evaluation.partnership": _l("How the partnership with residents and their associations went"),
    "evaluation.measures": _l("What will be done better"),
}

#: Lines that are a part of the line above them.
INDENTED = {
    "drafts.on_site", "drafts.on_premises", "drafts.in_media", "drafts.on_request", "drafts.in_gazette",
    "drafts.urgent", "recommendations.taken_up", "recommendations.of_organisations",
    "recommendations.of_organisations_taken_up", "recommendations.unanswered", "debates.held_on_request",
    "meetings.with_media", "meetings.observations_taken_up", "meetings.minutes_public", "court.lost", "court.won",
    "court.pending", "society.interventions_taken_up", "society.minority_interventions_taken_up",
}  # fmt: skip

#: How a figure is counted, for the method.
METHODS = (
    _l("Drafts of acts are the consultations on draft decisions, draft budgets, plans and strategies."),
    _l("A recommendation is counted in the year in which it was received; whether it was taken up is told by its published answer."),
    _l("A debate is held on request when an organisation had asked for it before it took place."),
    _l("Figures marked “typed” were written by the city hall; all others are computed from the registers of this site."),
)  # fmt: skip

SOCIETY_METHODS = (
    _l("An organisation is one that the city hall has verified in the registry of organisations."),
    _l("A consultation counts in the year in which it was announced, once an organisation contributed, asked for a debate or signed up to speak in it."),
    _l("A consultation is with minorities when it was marked so at its announcement, or an organisation of a minority took part in it."),
    _l("An intervention is a contribution in the name of an organisation, counted in the year in which it was received; it is taken up when its published answer says so, whole or in part."),
    _l("A decision represents minorities when it was adopted after such a consultation that was marked so, or in which an intervention of an organisation of a minority was taken up."),
    _l("Only the organisation itself says of which minority it is; one that changes it is counted as it says today."),
)  # fmt: skip
