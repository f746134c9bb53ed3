"""Every page of the staff, opened in the demo city by somebody it is for, wide and narrow, with axe reading it."""

from collections.abc import Callable

from flask import Flask

from tests.browser.every_page import STAFF, People, demo_app, demo_site, open_all, people

__all__ = ["demo_app", "demo_site", "people"]


def test_every_page_of_the_staff_is_clean(
    demo_app: Flask, people: Callable[..., People], record_property: Callable[..., None]
) -> None:
    wrong, share = open_all(people(), demo_app, lambda rule: rule.startswith(STAFF))
    record_property("a11y.staff_routes.share", share)
    assert not wrong, "\n".join(wrong)
