"""Which cells of a table are not published. Plain values only.

A cell under ten shows what a few people said; one alone hidden in its row or column can be computed from the total.
So small cells are hidden, then further ones, the smallest first, until in every row and column either nothing is
hidden, or at least two cells that make at least ten together, or everything.
"""

from collections.abc import Sequence

Table = Sequence[Sequence[int]]


#: A group of fewer people is not shown: its members could be recognised.
LEAST_CELL = 10


def suppress_line(counts: Sequence[int], least: int = LEAST_CELL) -> list[int | None]:
    """The same for one line of counts whose total is known, like the people of each neighbourhood.

    >>> suppress_line([40, 3, 12]), suppress_line([40, 0, 12])
    ([40, None, None], [40, None, None])
    """
    return suppress([counts], least)[0]


def suppress(table: Table, least: int) -> list[list[int | None]]:
    """The table with None for what is not published; rows and columns in their order.

    >>> suppress([[30, 4, 20], [30, 40, 20]], 10)
    [[30, None, None], [30, None, None]]
    """
    hidden = {(at, place) for at, row in enumerate(table) for place, value in enumerate(row) if value < least}
    width = len(table[0]) if table else 0
    lines = [[(at, place) for place in range(width)] for at in range(len(table))]
    lines += [[(at, place) for at in range(len(table))] for place in range(width)]
    changed = True
    while changed:
        changed = False
        for line in lines:
            known = [cell for cell in line if cell in hidden]
            shown = [cell for cell in line if cell not in hidden]
            enough = len(known) >= 2 and sum(table[at][place] for at, place in known) >= least
            if known and shown and not enough:
                hidden.add(min(shown, key=lambda cell: (table[cell[0]][cell[1]], cell)))
                changed = True
    return [
        [None if (at, place) in hidden else value for place, value in enumerate(row)]
        for at, row in enumerate(table)
    ]
