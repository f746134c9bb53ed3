"""How the rules work, and what other rules would have chosen: both for everybody, the second after publication."""

from flask import render_template

from civic.errors import NotFound
from civic.page_cache import shared_by_strangers
from civic.policy import public
from voting import other_methods_page as page
from voting import results_page, round_queries, rule_examples
from voting.views_ballot import blueprint


@blueprint.get("/counting-rules")
@public
@shared_by_strangers
def counting_rules() -> str:
    """Every rule in plain words, with the example of four voters."""
    example = rule_examples.find_example()
    return render_template(
        "voting/counting_rules.html",
        rules=page.example_rules(example) if example else [],
        ballots=page.example_ballots(example) if example else [],
        projects=page.example_projects(example) if example else [],
        budget=page.reasons.amount_words(example["budget"], "RON") if example else "",
    )


@blueprint.get("/rounds/<slug>/results/other-methods")
@public
def other_methods(slug: str) -> str:
    """What other rules would have chosen. Information without legal effect; nothing before publication."""
    round_ = round_queries.get_public_round(slug)
    plan, _result = results_page.published(round_)
    if plan.asks:
        raise NotFound
    rows = page.rows_of(round_)
    return render_template(
        "voting/other_methods.html",
        round=round_,
        plan=plan,
        rows=rows,
        charts=page.charts_of(rows, plan.currency),
    )
