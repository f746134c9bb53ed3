"""Every row of a small published set tampered with in every way; `make soak` does it on hundreds of ballots."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from civic import clock
from soak.casting.tampering import tampering


@pytest.mark.parametrize("mode", ["inclusion_only", "open"])
def test_every_row_is_watched(real_app: Flask, tmp_path: Path, mode: str) -> None:
    with real_app.app_context():
        try:
            run = tampering(real_app, tmp_path, 20, mode)
        finally:
            clock.travel(timedelta(0))
    assert run.wrong == {}, run
    assert run.faults > 200
