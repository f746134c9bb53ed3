"""Nobody can tell two worlds apart that differ in choices alone, until results are public; `make soak` reads more pages."""

from pathlib import Path

from civic.embedded import EmbeddedServer
from soak.casting.embargo import embargo


def test_no_page_and_no_log_tells_what_was_chosen(server: EmbeddedServer, data_dir: Path) -> None:
    run = embargo(server, data_dir, pages=12, every_step=False)
    assert run.wrong == {}, run
    assert run.faults > 200
    assert run.felt["results_differ"], "the worlds were no different"
