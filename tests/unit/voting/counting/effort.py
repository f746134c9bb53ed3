"""How many instances a property is tried on: few in every run, many where `CIVIC_SOAK` is set (by `make soak`).

`CIVIC_SOAK` holds the number of instances of a property that stands in `make soak` (0 or absent: every run).
"""

import functools
import json
import os
import random
from pathlib import Path

from hypothesis import HealthCheck, settings

SOAK = int(os.environ.get("CIVIC_SOAK") or 0)
SEED = int(os.environ.get("CIVIC_SOAK_SEED") or 1)
_TALLY = os.environ.get("CIVIC_SOAK_TALLY")


def amount(few, share=1.0):
    """`few`, or in `make soak` this share of the instances asked for."""
    return max(few, round(SOAK * share)) if SOAK else few


def tally(name, instances=1):
    """Note that `instances` more were tried, for the figures of `make soak`."""
    if _TALLY:
        with Path(_TALLY).open("a", encoding="utf-8") as handle:
            handle.write(json.dumps([name, instances]) + "\n")


def tried(few, share=1.0):
    """Under `@given`: the property is tried on `few` instances, or on many."""

    def decorate(test):
        @functools.wraps(test)
        def counted(*args, **kwargs):
            test(*args, **kwargs)
            tally(test.__name__)

        checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
        return settings(
            max_examples=amount(few, share), deadline=None, suppress_health_check=checks, derandomize=not SOAK
        )(counted)

    return decorate


def seeded(name, few, share=1.0):
    """Random sources, one an instance, each named by a text that makes it again."""
    for number in range(amount(few, share)):
        text = f"{name}:{SEED}:{number}"
        yield text, random.Random(text)
        tally(name)
