"""After the close nothing on the server tells in which order ballots came; `make soak` asks with 10,000 voters."""

from soak.casting.linkage import linkage
from soak.casting.town import site


def test_nothing_left_after_the_close_links_people_to_ballots() -> None:
    with site(1, "INFO", wal_keep_size="512MB", fsync="off") as made:
        run = linkage(made, 200, seed=1)
    assert run.wrong == {}, run
    # The attack finds the order where it is, so that not finding it tells something.
    assert run.told["heap_before_close"] > 0.5
    assert run.told["log_kept"] > 0.8
    assert run.told["sources"] >= 10
