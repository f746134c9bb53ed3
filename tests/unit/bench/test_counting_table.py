"""The sentence under the table of files and rules."""

from bench.counting import tally

HEAD = [
    "| file | rule | = official | = pabutools | ours, s | pabutools, s | ratio | merged, s | ratio |",
    "|---|---|---|---|---:|---:|---:|---:|---:|",
]


def test_the_tally_counts_what_was_compared_and_what_differs() -> None:
    lines = [
        *HEAD,
        "| a.pb (greedy) | read | yes |  | 0.1 | 0.2 | 2 | – | – |",
        "|  | greedy |  | yes | 0.1 | 0.2 | 2 | – | – |",
        "|  | phragmen |  | – | 0.1 | – | – | – | – |",
        "| b.pb (greedy) | read | – |  | 0.1 | 0.2 | 2 | – | – |",
        "|  | greedy |  | yes | 0.1 | 0.2 | 2 | – | – |",
    ]
    assert (
        tally(lines)
        == "Outcomes compared: 1 with the official ones and 2 with those of pabutools; none differ."
    )
    lines.append("|  | add1 |  | **no** | 0.1 | 0.2 | 2 | – | – |")
    assert tally(lines).endswith("3 with those of pabutools; 1 differ.")
