"""A spam script as people write them: few texts, many disguises. Made from a seed, and nothing here asks the gate.

Every post is one of ten texts with a greeting and a number in front or behind, most with one of six addresses in one
of many ways of writing it; some in look-alike letters, with signs nobody sees, or with digits for letters.
"""

import random
from dataclasses import dataclass

TEXTS = (
    "Câștigă bani de acasă fără experiență, scrie-mi pe privat chiar azi",
    "Pastile de slăbit din plante, minus zece kilograme în două săptămâni",
    "Credite rapide doar cu buletinul, fără dosar și fără întrebări",
    "Vând permise auto, acte pe loc, plata la livrare oriunde",
    "Pariuri sigure în fiecare zi, am câștigat o mașină luna trecută",
    "Telefoane originale la jumătate de preț, stoc limitat, grăbește-te",
    "Ghicesc în cărți și dezleg farmece, rezultate din prima zi",
    "Investește o sută de euro și primești o mie peste o lună",
    "Masaj la domiciliu, fete frumoase și discrete, non-stop",
    "Urmăritori și aprecieri pentru pagina ta, livrare în zece minute",
)
GREETINGS = ("Salut!", "Bună ziua.", "Hei vecini,", "Atenție:", "Pe bune,", "")
HOSTS = (
    "exemplu-bani.ro",
    "slabire-rapida.com",
    "credite-azi.net",
    "pariuri-top.bet",
    "oferte.store/tel",
    "t.me/castig",
)
_CYRILLIC = str.maketrans("aeopcx", "аеорсх")
_DIGITS = str.maketrans("oeast", "03457")

#: Where a post goes, and how often of a hundred.
PLACES = {
    "comments": 40,
    "arguments": 25,
    "statements": 15,
    "contributions": 10,
    "proposals": 5,
    "remarks": 5,
}


@dataclass(frozen=True)
class Post:
    """One text of the script: by which of its accounts, where."""

    account: int
    place: str
    text: str
    title: str = ""


def address(chance: random.Random) -> str:
    """One of the addresses, in one of many ways to write it."""
    host = chance.choice(HOSTS)
    name, _dot, end = host.partition(".")
    spoken = f"{name.replace('-', '')} punct ro"
    ways = (
        host, f"https://{host}", f"www.{host}", f"hxxp://{host}", f"{name} [.] {end}", f"{name}(punct){end}",
        host.translate(_CYRILLIC), "\u200b".join(host), host.replace(".", "。"), spoken, host.upper(),
    )  # fmt: skip
    return chance.choice(ways)


def disguised(text: str, chance: random.Random) -> str:
    """The text as it is, or in letters that look like it."""
    way = chance.randrange(6)
    if way == 0:
        return text.translate(_CYRILLIC)
    if way == 1:
        return text.replace("a", "a\u200b")
    if way == 2:
        return text.translate(_DIGITS)
    if way == 3:
        return text.upper()
    return text


def posts(seed: int, number: int, accounts: int) -> list[Post]:
    """So many posts of so many accounts, by turns."""
    chance = random.Random(seed)
    made = []
    for at in range(number):
        text = f"{chance.choice(GREETINGS)} {disguised(chance.choice(TEXTS), chance)} {chance.randrange(10_000)}".strip()
        place = chance.choices(list(PLACES), list(PLACES.values()))[0]
        link = address(chance) if chance.random() < 0.7 else ""
        in_title = bool(link) and place == "proposals" and chance.random() < 0.5
        body = text if in_title or not link else f"{text} {link}"
        made.append(Post(at % accounts, place, body, link if in_title else "O propunere pentru toți"))
    return made
