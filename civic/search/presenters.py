"""What the box found, as its page shows it."""

from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from civic import links
from civic.search import queries, registry
from civic.text import clean_line, search_words

#: What is read of what was typed.
LONGEST = 200


@dataclass(frozen=True)
class Group:
    """The matches of one kind; `more` is the address of all of them, where the kind has a list of its own."""

    kind: str
    title: object
    found: list[links.Link]
    others: bool
    more: str


def _group(one: registry.Searched, ids: list[int], words: str) -> Group:
    known = links.resolve(one.kind, ids[: queries.SHOWN])
    found = [known[number] for number in ids if number in known]
    others = len(ids) > queries.SHOWN
    return Group(one.kind, one.title, found, others, url_for(one.more, q=words) if one.more else "")


def page_context() -> dict[str, Any]:
    """The words of the address and what has them, by kind."""
    words = clean_line(request.args.get("q", ""))[:LONGEST]
    kinds = registry.all_searched()
    found = queries.find_best(kinds, words) if search_words(words) else {}
    groups = [_group(one, found[one.kind], words) for one in kinds if one.kind in found]
    return {"words": words, "groups": [group for group in groups if group.found], "kinds": kinds}
