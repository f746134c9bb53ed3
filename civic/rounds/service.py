"""Every command that changes a round, in one place for views, jobs and other features.

Planning (before voting opens) and the lifecycle (publish, extend, freeze, adopt) live in modules of their
own. All of them flush and never commit; what is refused is raised as PlanRefused, field by field.
"""

from civic.rounds.lifecycle import (
    add_document,
    adopt_results,
    extend_phase,
    plan_as_data,
    publish_round,
    publishing_problems,
    remove_document,
)
from civic.rounds.planning import PlanChanges, PlanRefused, create_programme, create_round, edit_plan

__all__ = [
    "PlanChanges",
    "PlanRefused",
    "add_document",
    "adopt_results",
    "create_programme",
    "create_round",
    "edit_plan",
    "extend_phase",
    "plan_as_data",
    "publish_round",
    "publishing_problems",
    "remove_document",
]
