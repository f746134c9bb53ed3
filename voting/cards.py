"""Cards of the ballot page. Drawing eighty costs more than all else on the page, and most are the same for all.

A card that shows no choice and no refusal depends on the project, the language and whether its reader may
vote, so it is drawn once and kept. One that tells what somebody chose, or why they cannot choose, is drawn
for them and kept nowhere.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING

from flask import current_app, url_for
from markupsafe import Markup

from civic.i18n import choose_language

if TYPE_CHECKING:
    from voting.ballot_page import Booth, Choice

MOST_CARDS = 2_000


class KeptCards:
    """Drawn cards of one process by all that they show; of too many the oldest go first."""

    def __init__(self) -> None:
        self._cards: OrderedDict[Hashable, Markup] = OrderedDict()

    def __len__(self) -> int:
        return len(self._cards)

    def get(self, key: Hashable, draw: Callable[[], Markup]) -> Markup:
        """The card, drawn unless it is kept."""
        card = self._cards.get(key)
        if card is None:
            card = self._cards[key] = draw()
            if len(self._cards) > MOST_CARDS:
                self._cards.pop(next(iter(self._cards)), None)
        return card


def drawer(booth: "Booth") -> Callable[["Choice"], Markup]:
    """What draws a card of this booth."""
    kept: KeptCards = current_app.extensions.setdefault("voting_cards", KeptCards())
    macro = current_app.jinja_env.get_template("voting/_card.html").module.project_card  # type: ignore[attr-defined]
    round_, language = booth.round, choose_language()

    def draw(choice: "Choice") -> Markup:
        url = url_for("voting.project", slug=round_.slug, code=choice.project.code)
        return Markup(macro(choice, round_, booth, url))  # noqa: S704 - our template escapes

    def card(choice: "Choice") -> Markup:
        # Points are given by place in the plan, and the select shows them: such cards are each voter's own.
        if choice.value is not None or choice.refusal is not None or choice.kind == "points":
            return draw(choice)
        project, category = choice.project, choice.category
        look = (category.icon, category.tint) if category else None
        key = (
            language, booth.may_vote, round_.slug, round_.currency, choice.meta, choice.kind, look, project.id,
            project.code, project.title, project.summary, project.cost, choice.rivals,
        )  # fmt: skip
        return kept.get(key, lambda: draw(choice))

    return card
