"""Which addresses of the web a text leads to, however they are written. Pure.

A link is what a reader can follow or put together: with or without `https://`, spelled out ("exemplu punct ro"),
with brackets or spaces around the dot, in look-alike letters, or begun in one text and ended in the next.
"""

import re
from collections.abc import Collection

from civic.moderation.gate.letters import joined, plain, without_digits

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
#: Endings that are no word of Romanian or English, or too rare a one to begin a sentence without a space before it.
_STRONG = (
    "ro com net org info biz xyz top shop online site club store website click link app dev gov edu ru su cn uk md hu"
    " bg pl tv cc ly gl tk ml ga cf gq pw vip bet casino loan icu buzz rocks host tech agency cheap io ai gd ws mobi"
).replace(" ", "|")
#: Endings that are words too: "pe strada.de ce" is no address. They need a path; some of
#: them need but somebody pointing at them, or the end of the text.
_WEAK = (
    "eu de la me it in is to so pe fi es fr at be us ca ch cz gr sk si rs ua tr am fm im no pt nl se dk ie lt lv ee co"
    " al mk live work fun win space press money sale pro name"
).replace(" ", "|")
#: Endings people say aloud; "info" and "eu" are words after "punct".
_SAID = "ro|com|net|org|ru|md"
_CUES = r"(?:pe|la|site|site-ul|pagina|vezi|vedeti|intra|intrati|accesati|acceseaza|vizitati|cauta|cautati|on|at|visit|see|via)"
_CYRILLIC_ENDS = "рф|бг|срб|укр|рус|онлайн|сайт|ком|орг"

_SCHEME = re.compile(r"(?:h[tx]{2}ps?|ftp)\s*:\s*/\s*/\s*([^\s<>\"']+)")
_WWW = re.compile(r"(?<![\w.])www\s*\.\s*([^\s<>\"']+)")
_BARE = re.compile(rf"(?<![\w.-])((?:{_LABEL}\.)+(?:{_STRONG}))(?![\w-])((?::\d+)?(?:/[^\s<>\"']*)?)")
_WITH_PATH = re.compile(rf"(?<![\w.-])((?:{_LABEL}\.)+(?:{_WEAK}))((?::\d+)?/[^\s<>\"']+)")
_POINTED_AT = re.compile(rf"(?<![\w-]){_CUES}\s+((?:{_LABEL}\.)+(?:eu|co|fr|it|ch|me|live|fun))(?![\w-])")
_AT_THE_END = re.compile(rf"(?<![\w.-])({_LABEL}\.(?:eu|me|co|live|fun|pro))(?=\s*(?:[.!?)]*\s*$|\n))")
_OPEN, _SHUT = r"[\(\[\{<*_\"'-]", r"[\)\]\}>*_\"'-]"
_BRACKETED = re.compile(
    rf"({_LABEL})\s*{_OPEN}+\s*(?:punct|dot|\.)\s*{_SHUT}+\s*({_STRONG}|eu|me|co|live)(?![\w-])(/\S*)?"
)
_SPOKEN = re.compile(rf"(?<![\w-])({_LABEL})\s+(?:punct|dot|punkt)\s+({_SAID})(?![\w-])(/\S*)?")
_SPACED = re.compile(rf"(?<![\w.-])({_LABEL})\s+\.\s*(ro|com|ru|md)(?![\w-])(?=\s*(?:/|$|[.!?,;)\n]))")
_GLUED = re.compile(r"(?<![\w-])([a-z0-9-]{3,}?)(?:punct|dot)(ro|com)(?![\w-])")
_ENDED_HERE = re.compile(
    r"^[^\w.]*(?:punct|dot|punkt|\.)\s*(?:ro|com|net|org|ru)(?![\w-])|^\s*\.?(?:ro|com|net|org)/\S"
)
_BEGUN_HERE = re.compile(r"(?:https?|www)\W*$")
_ENCODED = re.compile(r"(?<![\w.])(?:[\w-]+\.)*xn--[\w.-]+")
_OTHER_ALPHABET = re.compile(rf"(?<![\w.])([\w-]{{1,63}}\.(?:{_CYRILLIC_ENDS}))(?![\w-])", re.IGNORECASE)
_NUMBERS = re.compile(r"^\d{1,3}(?:\.\d{1,3}){3}$")

#: No part of an address is longer, and no address of which people are told: what is, is looked at by its ends.
_TOO_LONG, _ENDLESS = re.compile(r"[a-z0-9-]{64,}"), re.compile(r"\S{400,}")

#: Hosts where everyone has a page: there the page is the address, not the house.
_SHARED = frozenset(
    {
        "t.me", "bit.ly", "wa.me", "facebook.com", "fb.com", "instagram.com", "youtube.com", "youtu.be", "tiktok.com",
        "x.com", "twitter.com", "linktr.ee", "tinyurl.com", "docs.google.com", "drive.google.com", "forms.gle",
        "goo.gl", "telegram.me", "discord.gg",
    }
)  # fmt: skip
#: What is found of a text that begins or ends an address: it leads nowhere by itself.
HALF = "half of an address"


def _target(host: str, rest: str = "") -> str:
    host = host.removeprefix("www.").strip(".").partition(":")[0]
    first = rest.lstrip("/").split("/", 1)[0].split("?", 1)[0].rstrip(".,;:!)")
    return f"{host}/{first}" if host in _SHARED and first else host


def _of_address(address: str) -> str:
    host, _slash, rest = address.strip(".,;:!?)]}").partition("/")
    return _target(host.rpartition("@")[2], rest)


def _views(text: str) -> tuple[str, ...]:
    seen = plain(text)
    return tuple(dict.fromkeys((seen, without_digits(seen), joined(seen))))


def links_in(text: str, known: Collection[str] = ()) -> tuple[str, ...]:
    """Where a text leads: hosts (with the page, on hosts of everyone), each once, in order.

    Those of `known` hosts and of what is below them are left out.

    >>> links_in("Vezi https://www.exemplu.ro/a?b=1 și t.me/canal, apoi pariuri . com")
    ('exemplu.ro', 't.me/canal', 'pariuri.com')
    >>> links_in("exemplu punct ro"), links_in("ехemplu[.]ro"), links_in("e x e m p l u . r o"), links_in("c4s1no.c0m")
    (('exemplu.ro',), ('exemplu.ro',), ('exemplu.ro',), ('caslno.com',))
    >>> links_in("Legea 52/2003, art.7 alin.(4). Pe strada.De ce? La acest punct info, nr.3.Eu cred.")
    ()
    >>> links_in("pe ps2.ro și www.ps2.ro/acte", ("ps2.ro",))
    ()
    """
    found: dict[str, None] = {}
    for view in _views(text):
        targets = [_of_address(match) for match in (*_SCHEME.findall(view), *_WWW.findall(view))]
        view = _ENDLESS.sub(lambda run: f"{run[0][:200]} {run[0][-200:]}", _TOO_LONG.sub(" ", view))
        targets += [_target(host, rest) for host, rest in _BARE.findall(view)]
        targets += [_target(host, rest) for host, rest in _WITH_PATH.findall(view)]
        targets += [_target(host) for host in (*_POINTED_AT.findall(view), *_AT_THE_END.findall(view))]
        for pattern in (_BRACKETED, _SPOKEN):
            targets += [_target(f"{label}.{end}", rest) for label, end, rest in pattern.findall(view)]
        for pattern in (_SPACED, _GLUED):
            targets += [_target(f"{label}.{end}") for label, end in pattern.findall(view)]
        targets += _ENCODED.findall(view)
        if _ENDED_HERE.search(view) or _BEGUN_HERE.search(view):
            targets.append(HALF)
        found.update(dict.fromkeys(one for one in targets if _leads(one)))
    found.update(dict.fromkeys(_OTHER_ALPHABET.findall(text)))
    return tuple(one for one in found if not _is_known(one, known))


def _leads(target: str) -> bool:
    if target == HALF or _NUMBERS.match(target):
        return True
    return "." in target and any(letter.isalpha() for letter in target.rpartition(".")[2])


def _is_known(target: str, known: Collection[str]) -> bool:
    host = target.partition("/")[0]
    return any(host == one or host.endswith(f".{one}") for one in known)
