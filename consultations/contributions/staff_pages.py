"""What the staff's pages of the register need, gathered once for each page and for each refused form on it."""

from datetime import datetime
from typing import Any

from flask import Response, current_app, g, make_response, render_template, request, url_for

from civic import numbers
from civic.navigation import render_panels
from civic.text import excerpt
from consultations import clocks
from consultations import queries as consultations
from consultations.contributions import (
    keeping,
    letter_queries,
    listing,
    policy,
    presenters,
    queries,
    rules,
    service,
    themes,
)
from consultations.contributions.forms import (
    AnswerForm,
    ConsiderForm,
    HideForm,
    ReasonForm,
    ReviewDecisionForm,
    ThemeForm,
)
from consultations.contributions.labels import OUTCOME_HINTS
from consultations.contributions.models import Answer, Contribution, Theme
from consultations.contributions.rules import AnswerState
from consultations.models import Consultation

#: Entries shown on a theme's page.
MOST_OF_THEME = 100


def url_of(target: Contribution | Theme) -> str:
    """The staff's page of an entry or a theme."""
    if isinstance(target, Contribution):
        return url_for(
            "staff_contributions.show", consultation_id=target.consultation_id, contribution_id=target.id
        )
    return url_for("staff_contributions.theme", consultation_id=target.consultation_id, theme_id=target.id)


def work_context(one: Consultation, now: datetime, said: str = "") -> dict[str, Any]:
    """The matrix with its counts and filters; `said` is why its form was refused."""
    state, page = request.args.get("state", ""), numbers.page_number()
    filters = listing.WorkFilters(
        text=request.args.get("q", "").strip()[:200],
        state=state if state in listing.WORK else "",
        theme_id=numbers.whole_number(request.args.get("theme_id")),
        assigned=numbers.whole_number(request.args.get("who")),
    )
    rows, total, near = listing.list_work(one.id, filters, page)
    people, whole = queries.list_answerers(one), policy.sees_whole(g.actor, one)
    counted, load = listing.list_themes(one.id), listing.load(one.id)
    return {
        "consultation": one,
        "now": now,
        "filters": filters,
        "said": said,
        "chosen": set(numbers.sent_numbers("ids")),
        "sent": {name: request.form.get(name, "")[:200] for name in ("theme", "new_theme", "account")},
        "items": [presenters.item(row, near, whole=whole) for row in rows],
        "counts": listing.count_work(one.id),
        "names": {person.id: person.display_name for person in people},
        "load": sorted(
            ((key, number) for key, number in load.items() if key), key=lambda pair: (-pair[1], pair[0])
        ),
        "nobodys": load.get(0, 0),
        "days_left": clocks.days_left(one.answers_due_at, now) if one.answers_due_at else None,
        "to_sign": listing.count_to_sign(one.id, g.actor.id) if policy.can_manage(g.actor) else 0,
        "next_url": _next_url(one.id),
        "people": people,
        "themes": [theme for theme, _count in counted],
        "total": total,
        "page": page,
        "pages": max(1, -(-total // listing.PER_PAGE)),
        "can_answer": policy.can_answer(g.actor, one),
        "can_enter": policy.can_enter(g.actor),
        "letters": letter_queries.count_waiting() if policy.can_enter(g.actor) else 0,
    }


def _next_url(consultation_id: int, besides: int = 0) -> str:
    """Where the next answer waits for the reader's signature; empty when none does."""
    if not policy.can_manage(g.actor):
        return ""
    found = listing.next_to_sign(consultation_id, g.actor.id, besides)
    if found is None:
        return ""
    if found.contribution_id is not None:
        return url_for(
            "staff_contributions.show",
            consultation_id=consultation_id,
            contribution_id=found.contribution_id,
            _anchor="answer",
        )
    return url_for(
        "staff_contributions.theme",
        consultation_id=consultation_id,
        theme_id=found.theme_id,
        _anchor="answer",
    )


def _filled(answer: Answer | None, similar: Answer | None = None) -> AnswerForm:
    """The answer's form with what is written, or with the function of who answered last."""
    data: dict[str, Any] = {"version": "0"}
    if answer is not None:
        names = ("outcome", "reason", "place", "link", "author_function")
        data = {name: getattr(answer, name) for name in names} | {"version": str(answer.version)}
    elif similar is not None:
        data["author_function"] = similar.author_function
    return AnswerForm(formdata=None, data=data)


def _answer_context(target: Contribution | Theme, bound: dict[str, Any]) -> dict[str, Any]:
    """The answer of an entry or a theme: what is written, what may be done, the forms for it."""
    one = consultations.get_consultation(target.consultation_id)
    living = queries.find_living(target)
    form = bound.get("answer_form") or _filled(living)
    return {
        "consultation": one,
        "living": presenters.answer_item(living) if living else None,
        "past_answers": [presenters.answer_item(past) for past in queries.list_past(target)],
        "answer_form": form,
        "overtaken": bound.get("overtaken", False),
        "return_form": bound.get("return_form") or ReasonForm(None, prefix="return-"),
        "withdraw_form": bound.get("withdraw_form") or ReasonForm(None, prefix="withdraw-"),
        "wrong": next((one_ for name, one_ in bound.items() if name.endswith("_form")), None),
        "can_answer": policy.can_answer(g.actor, one),
        "can_manage": policy.can_manage(g.actor),
        "can_sign": policy.can_sign(g.actor, living) if living else None,
        "next_url": _next_url(one.id, living.id if living else 0),
        "editable": living is None or living.state != AnswerState.PUBLISHED,
        "hints": {str(outcome): words for outcome, words in OUTCOME_HINTS.items()},
    }


def entry_page(entry: Contribution, now: datetime, status: int = 200, **bound: Any) -> Response:
    """One entry, with what was typed into any of its forms."""
    context = _answer_context(entry, bound)
    near = listing.beside([entry])
    review = near.reviews.get(entry.id)
    name, contact = service.contact_of(entry) if policy.sees_contacts(g.actor) else ("", "")
    page = render_template(
        "contributions/staff_show.html",
        **context,
        now=now,
        entry=entry,
        item=presenters.item(entry, near, whole=policy.sees_whole(g.actor, context["consultation"])),
        full_name=name,
        contact=contact,
        unread=entry.hidden_reason == rules.SEEN_BY_NOBODY,
        assigned=next(
            (one.display_name for one in queries.list_answerers(context["consultation"]) if one.id == entry.assigned_to_id),
            "",
        ),
        hide_form=bound.get("hide_form") or (_hide_form(entry) if context["can_manage"] else HideForm(None, prefix="hide-")),
        consider_form=bound.get("consider_form") or ConsiderForm(None, prefix="consider-"),
        review_form=bound.get("review_form") or ReviewDecisionForm(None, prefix="review-"),
        can_review=policy.can_decide_review(g.actor, review) if review else None,
    )  # fmt: skip
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _hide_form(entry: Contribution) -> HideForm:
    return HideForm(formdata=None, prefix="hide-", data={"rest": keeping.whole_text(entry)})


def theme_page(theme: Theme, now: datetime, status: int = 200, **bound: Any) -> Response:
    """A theme with its entries, and what was typed into any of its forms."""
    rows = listing.list_of_theme(theme.id, MOST_OF_THEME)
    near = listing.beside(rows)
    context = _answer_context(theme, bound)
    whole = policy.sees_whole(g.actor, context["consultation"])
    page = render_template(
        "contributions/staff_theme.html",
        **context,
        now=now,
        theme=theme,
        items=[presenters.item(row, near, whole=whole) for row in rows],
        count=next(
            (count for one, count in listing.list_themes(theme.consultation_id) if one.id == theme.id), 0
        ),
        panels=render_panels(current_app, "staff.theme", {"theme": theme}),
    )
    return make_response(page, status)


def themes_context(one: Consultation, form: ThemeForm) -> dict[str, Any]:
    """The themes with where their answers stand, and groups that nobody has decided about."""
    living = listing.living_of_themes(one.id)
    proposed = themes.propose(listing.list_to_group(one.id, themes.MOST_COMPARED))
    counted = listing.list_themes(one.id)
    known = themes.Known(
        {theme.id: theme.title for theme, _count in counted},
        {key: [text] for key, text in listing.list_samples(one.id).items()},
    )
    return {
        "consultation": one,
        "form": form,
        "others": listing.count_others(one.id),
        "themes": [
            {
                "theme": theme,
                "count": count,
                "answer": presenters.answer_item(living[theme.id]) if theme.id in living else None,
            }
            for theme, count in counted
        ],
        "groups": [
            {
                "theme": (like := known.titles.get(known.suggest(group[0].body) or 0, "")),
                "title": like or excerpt(group[0].title or group[0].body, 80),
                "entries": group,
                "ids": [entry.id for entry in group],
            }
            for group in proposed[:20]
        ],
        "can_answer": policy.can_answer(g.actor, one),
    }
