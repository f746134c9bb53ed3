"""The page that shows mail of a first run: what was written, and never in production."""

import dataclasses

from flask import Flask

from civic import mail
from civic.app import create_app
from tests.pageclient import PageClient


def test_production_has_no_such_page(app: Flask) -> None:
    settings = dataclasses.replace(app.config["SETTINGS"], env="production")
    endpoints = {rule.endpoint for rule in create_app(settings).url_map.iter_rules()}
    assert not [one for one in endpoints if one.startswith("dev_mail")]
    assert "accounts.sign_in" in endpoints


def test_mail_is_listed_newest_first_and_shown_as_text(client: PageClient) -> None:
    for old in client.app.config["SETTINGS"].mail_folder.glob("*.eml"):
        old.unlink()
    client.get("dev_mail.index")
    mail.send(
        "a@exemplu.ro", "Întâi", "Bună,\n\nhttp://localhost/confirm/x\n\n<script>alert(1)</script>", "t1"
    )
    mail.send("b@exemplu.ro", "Apoi", "y" * 300, "t2")
    page = client.get("dev_mail.index")
    assert page.main_text.index("Apoi") < page.main_text.index("Întâi")
    links = [link.get("href") for link in page.all("a") if "/dev/mail/" in (link.get("href") or "")]
    letter = client.get(links[1])
    assert "<script>alert" not in letter.html
    assert 'href="http://localhost/confirm/x"' in letter.html
    client.get("dev_mail.show", name="..%2Fsecrets", expect=404)
    client.speak("en")
    client.get("dev_mail.index")
