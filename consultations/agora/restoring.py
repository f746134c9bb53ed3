"""The page on which a moderator makes public again what another hid, one for every sort of what is written."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from civic import clock
from civic.errors import NotFound
from civic.policy import Action, requires
from civic.unit_of_work import writes
from consultations.agora import written
from consultations.agora.arguing.queries import account_of
from consultations.agora.forms import ReasonForm
from consultations.agora.policy import can_restore
from consultations.agora.views import readable


def add_pages(blueprint: Blueprint, rule: str, sort: written.Sort) -> None:
    """Give a sort the page and its form, at the address and by the name that the sort has for it."""
    endpoint, number = sort.restore
    name = endpoint.rpartition(".")[2]

    def hidden(ids: dict[str, int]) -> Any:
        found = written.get(sort, ids[number])
        if found.state != "hidden":
            raise NotFound
        return found

    def page(found: Any, form: ReasonForm) -> str:
        return render_template(
            "agora/restore_text.html",
            text=sort.words(found),
            action=url_for(f"{endpoint}_now", **{number: found.id}),
            debate=readable(found.debate_id, clock.now()),
            form=form,
            decision=can_restore(g.actor, account_of(found.participant_id)),
        )

    @requires(Action.MODERATE)
    def restore(**ids: int) -> str:
        """A hidden text and the form that makes it public again."""
        return page(hidden(ids), ReasonForm(None))

    @requires(Action.MODERATE)
    @writes
    def restore_now(**ids: int) -> Any:
        """Make a hidden text public again, with the reason for its author."""
        found, form = hidden(ids), ReasonForm()
        readable(found.debate_id, clock.now())
        if not form.validate():
            return page(found, form), 422
        made = written.restore(sort, g.actor, found.id, form.reason.data or "", clock.now())
        flash(_("The text is public again."), "success")
        return redirect(f"{request.script_root}{sort.path(made)}", code=303)

    blueprint.add_url_rule(rule, name, restore, methods=["GET"])
    blueprint.add_url_rule(rule, f"{name}_now", restore_now, methods=["POST"])
