"""Opinion groups of a debate, computed from votes on statements. Knows neither Flask nor SQL nor the clock.

`compute` makes the whole result, `OpinionMap`; the modules hold its steps. numpy and scikit-learn are loaded by
importing this package: only the worker does, never a web process.
"""

from consultations.agora.opinions.opinion_map import VERSION, Group, OpinionMap, compute
from consultations.agora.opinions.votes import AGREE, DISAGREE, PASS, VoteTable, read_votes

__all__ = [
    "AGREE",
    "DISAGREE",
    "PASS",
    "VERSION",
    "Group",
    "OpinionMap",
    "VoteTable",
    "compute",
    "read_votes",
]
