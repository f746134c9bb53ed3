"""Whole numbers out of addresses and forms, where anything may stand."""

from flask import request

#: The largest number a row's id can be.
MOST = 2**31 - 1
#: No list has more pages; a database asked to skip more rows than it can count would refuse.
MOST_PAGES = 1_000_000


def whole_number(typed: str | None, most: int = MOST) -> int | None:
    """The number from 0 to `most` that the text is, else None.

    >>> whole_number("17"), whole_number("²"), whole_number("9" * 5000), whole_number("-1")
    (17, None, None, None)
    """
    text = typed or ""
    if not text.isascii() or not text.isdigit() or len(text) > len(str(most)):
        return None
    number = int(text)
    return number if number <= most else None


def chosen_number(typed: object) -> int | None:
    """What a list of choices sends: its number, None for its empty line.

    What is neither becomes a number that no choice has, so that a garbled form is refused and not taken for empty.

    >>> chosen_number("17"), chosen_number(""), chosen_number("17abc")
    (17, None, -1)
    """
    text = str(typed if typed is not None else "").strip()
    number = whole_number(text)
    return -1 if number is None and text else number


def sent_numbers(name: str, most: int = 200) -> list[int]:
    """The first numbers a form sends under one name, such as the rows ticked in a list; what is none is left out."""
    found = (whole_number(text) for text in request.form.getlist(name))
    return [number for number in found if number is not None][:most]


def page_number(most: int = MOST_PAGES, parameter: str = "page") -> int:
    """The page the address asks for, from 1 to `most`; 1 when it names none."""
    return whole_number(request.args.get(parameter), most) or 1
