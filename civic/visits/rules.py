"""What is a visit, of which service, and by a person or a program. Plain values only."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

#: The first part of an address -> the service it belongs to; what is not here is one of the other pages.
SERVICES = {
    "": "home",
    "proposals": "proposals",
    "rounds": "rounds",
    "counting-rules": "rounds",
    "vote": "rounds",
    "ballot-secrecy": "rounds",
    "consultations": "consultations",
    "initiatives": "consultations",
    "contributions": "consultations",
    "meetings": "consultations",
    "agora": "agora",
    "deliveries": "deliveries",
    "neighbourhoods": "neighbourhoods",
    "organisations": "organisations",
    "transparency": "transparency",
    "activity": "transparency",
    "decisions": "transparency",
    "council": "transparency",
    "reports": "transparency",
    "satisfaction": "transparency",
    "budget": "transparency",
    "purchases": "transparency",
    "services-in-figures": "transparency",
    "indicators": "transparency",
    "visits": "transparency",
    "open-data": "transparency",
    "account": "account",
    "sign-in": "account",
    "register": "account",
    "news": "information",
    "pages": "information",
    "how-it-works": "information",
    "rules": "information",
    "rules-of-conduct": "information",
    "contact": "information",
    "accessibility": "information",
    "privacy": "information",
}

#: The services in the order in which they are told.
ORDER = (*dict.fromkeys(SERVICES.values()), "other")

#: The number of each service in open data, which never changes and is never used again.
NUMBERS = {
    "home": 1, "proposals": 2, "rounds": 3, "consultations": 4, "agora": 5, "deliveries": 6, "neighbourhoods": 7,
    "organisations": 8, "transparency": 9, "account": 10, "information": 11, "other": 12,
}  # fmt: skip

#: Pages of the city hall's own work, what is no page of the site, and frames that stand in pages of other sites: who
#: reads such a page visits that site.
UNCOUNTED = frozenset({"staff", "desk", "custody", "dev", "design", "static", "embed"})

#: What programs that fetch pages call themselves. Those that pass for a browser are counted as people.
_ROBOT = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|curl|wget|python|java/|libwww|go-http|okhttp|axios|node-fetch|scrapy|"
    r"headless|lighthouse|monitor|uptime|preview|facebookexternalhit|feed|archiver|scan",
    re.IGNORECASE,
)

#: How long days are kept as days.
DAYS_KEPT_YEARS = 2


def service_of(path: str) -> str | None:
    """The service a page belongs to.

    >>> service_of("/proposals/12"), service_of("/"), service_of("/static/app.css"), service_of("/embed/round/2026")
    ('proposals', 'home', None, None)
    """
    first = path[1:].partition("/")[0]
    return None if first in UNCOUNTED else SERVICES.get(first, "other")


def is_robot(user_agent: str) -> bool:
    """Whether a program says that it is one, or says nothing at all."""
    return not user_agent or _ROBOT.search(user_agent) is not None


def comes_from_elsewhere(referer: str, host: str, service: str) -> bool:
    """Whether a page was opened from outside its service, as far as the browser says from where.

    >>> comes_from_elsewhere("https://oras.ro/proposals?page=2", "oras.ro", "proposals")
    False
    """
    from_host, _slash, path = referer.partition("://")[2].partition("/")
    return from_host != host or service_of("/" + path.partition("?")[0]) != service


def is_page_asked(environ: Mapping[str, Any]) -> bool:
    """Whether a request asks for a whole page that somebody looks at now."""
    part = environ.get("HTTP_HX_REQUEST") and not environ.get("HTTP_HX_BOOSTED")
    early = "prefetch" in environ.get("HTTP_SEC_PURPOSE", environ.get("HTTP_PURPOSE", ""))
    return environ["REQUEST_METHOD"] == "GET" and not part and not early


def fold_before(today: date) -> date:
    """The first day that stays a day: earlier ones are told by month."""
    return date(today.year - DAYS_KEPT_YEARS, today.month, 1)
