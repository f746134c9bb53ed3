"""A machine that casts, votes again, repeats, and closes in any order keeps the promises; `make soak` runs it longer."""

from flask import Flask

from soak.casting.machine import run_machine


def test_cast_again_repeat_close_in_any_order(real_app: Flask) -> None:
    run_machine(real_app, runs=14)
