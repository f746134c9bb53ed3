"""Work that is due by the clock: every night the figures of the running month and year, and of those that ended."""

import logging
from datetime import datetime

from civic.indicators import registry, service
from civic.unit_of_work import unit_of_work

logger = logging.getLogger(__name__)


def compute(now: datetime) -> None:
    """Compute what is due, each indicator by itself: killed between two it goes on with the rest the next time, and
    one that fails takes no other with it."""
    for one in registry.catalogue():
        if one.compute is None:
            continue
        try:
            with unit_of_work():
                service.compute(one.code, now)
        except Exception:
            logger.exception("indicator %s failed", one.code)
