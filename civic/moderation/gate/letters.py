"""What a text says to its reader's eye: look-alike letters, hidden signs and digits for letters undone. Pure.

Two texts that look the same to a person have the same plain form here, whichever alphabets their letters are from.
The table is a small part of Unicode's list of confusable characters (UTS #39): the letters that pass for Latin ones.
"""

import re
import unicodedata

#: Letters of other alphabets by the Latin letter they pass for, small ones: capitals are folded before.
_LOOKS = {
    "a": "аαɑᴀ",
    "b": "вьβʙƅᏏ",
    "c": "сϲᴄ",
    "d": "ԁᴅɗ",
    "e": "еєεᴇ",
    "f": "ғꜰ",
    "g": "ɡɢց",
    "h": "һнʜհ",
    "i": "іιɩɪӏıᎥ",
    "j": "јϳᴊ",
    "k": "кκᴋ",
    "l": "ʟⅼⲓ",
    "m": "мᴍ",
    "n": "пηոɴ",
    "o": "оοσօᴏ",
    "p": "рρᴘ",
    "q": "ԛզ",
    "r": "гʀᴦ",
    "s": "ѕꜱ",
    "t": "тτᴛ",
    "u": "υսμᴜц",
    "v": "ѵνᴠ",
    "w": "ԝωᴡш",
    "x": "хχ",
    "y": "уүγʏ",
    "z": "ᴢ",
}
_TO_LATIN = str.maketrans({seen: latin for latin, many in _LOOKS.items() for seen in many})
_CHEROKEE = str.maketrans(dict(zip("ᎪᏴᏟᎠᎬᎻᎫᏦᏞᎷᏢᏒᏚᎢᏙᏔᎩᏃ", "abcdehjklmprstvwyz", strict=True)))
#: Signs that pass for a full stop in an address.
_DOTS = str.maketrans(dict.fromkeys("。․‧·•∙⋅●｡", "."))
#: Digits and signs written for letters.
_DIGITS = str.maketrans({"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b"})
#: Signs written for letters; i and l, which are told apart by nobody, are one letter.
_SIGNS = str.maketrans({"@": "a", "$": "s", "|": "i", "€": "e", "l": "i"})

_WORD = re.compile(r"\w+")
_SPELLED = re.compile(r"(?<!\w)(?:\w[ ._\-*]{1,3}){4,80}\w(?!\w)")
_NOT_LETTERS = re.compile(r"[^a-z]+")
_AGAIN = re.compile(r"(.)\1+")

#: Signs nobody sees, put between the letters of one word; joiners that languages and pictures need are not counted.
_HIDDEN = frozenset(
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060\u2061\u2062\u2063\u2064\u3164\ufeff\uffa0"
)
#: Alphabets whose letters pass for Latin ones.
_ALPHABETS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC")
#: So many letters drawn as pictures (bold or script letters of mathematics, squared, circled) are no formula.
_DRAWN = 6


def _visible(text: str) -> str:
    return "".join(
        letter
        for letter in text
        if unicodedata.category(letter) not in ("Cf", "Mn", "Me") and letter not in _HIDDEN
    )


def plain(text: str) -> str:
    """The text as its reader sees it, in small Latin letters without marks; what is between the words stays.

    >>> plain("Ехеmрlu\u200b．Rο"), plain("Piața Șerbănești")
    ('exemplu.ro', 'piata serbanesti')
    """
    shown = _visible(unicodedata.normalize("NFKD", text)).casefold()
    return shown.translate(_CHEROKEE).translate(_TO_LATIN).translate(_DOTS)


def without_digits(text: str) -> str:
    """A plain text with the digits inside its words read as the letters they stand for; numbers stay.

    >>> without_digits("c4s1no.c0m din 2026")
    'caslno.com din 2026'
    """
    return _WORD.sub(lambda word: word[0] if word[0].isdigit() else word[0].translate(_DIGITS), text)


def joined(text: str) -> str:
    """A plain text with words that were spelled letter by letter put together.

    >>> joined("intra pe e x e m p l u . r o acum")
    'intra pe exemplu.ro acum'
    """
    return _SPELLED.sub(lambda run: re.sub(r"[ _\-*]", "", run[0]), text)


def letters(text: str) -> str:
    """The letters alone, in a row, digits read as letters and a letter said twice said once: what copies share.

    >>> letters("CÂȘT1GĂ  bani!!!") == letters("castigaaa b.a.n.i")
    True
    """
    read = plain(text).translate(_DIGITS).translate(_SIGNS)
    return _AGAIN.sub(r"\1", _NOT_LETTERS.sub("", read))


def _alphabet(letter: str) -> str:
    name = unicodedata.name(letter, "")
    return next((one for one in _ALPHABETS if name.startswith(one)), "")


def is_disguised(text: str) -> bool:
    """Whether the text is written to look like another one: two alphabets in a word, hidden or drawn letters.

    A word of another alphabet is none, nor are signs that languages and pictures need.

    >>> is_disguised("Câștigă bаni"), is_disguised("pre\u200bmiu"), is_disguised("Москва și Αθήνα, 20 m²")
    (True, True, False)
    """
    # What is drawn is one letter and has no marks of its own: looked for before it is folded away.
    drawn = sum(
        unicodedata.normalize("NFKC", letter).isalpha() and unicodedata.normalize("NFKC", letter).isascii()
        for letter in text
        if ord(letter) > 0x2100 and not 0x2150 <= ord(letter) <= 0x218F and letter not in "ÅK℃℉№℡™℠"
    )
    if drawn >= _DRAWN:
        return True
    for word in re.findall(r"[\w" + "".join(_HIDDEN) + r"]+", text):
        inside = word.strip("".join(_HIDDEN))
        if any(sign in _HIDDEN and sign != "\u00ad" for sign in inside):
            return True
        alphabets = {_alphabet(letter) for letter in inside if letter.isalpha() and letter not in "µΩ"}
        if "LATIN" in alphabets and len(alphabets - {""}) > 1:
            return True
    return False
