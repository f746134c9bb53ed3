"""The export of an election says nothing while people vote, not even to whoever runs the server."""

from pathlib import Path

from click.testing import CliRunner
from flask import Flask

from civic.cli import Context
from tests.integration.voting.votingkit import approve, make_round, make_voters, opened, vote
from voting.cli import export_election_command


def test_the_export_refuses_before_publication(real_app: Flask, tmp_path: Path) -> None:
    with real_app.app_context():
        voter = make_voters(1)[0]
        round_ = opened(make_round())
        slug, out = round_.slug, tmp_path / "out.pb"
        vote(real_app, round_, voter, approve("P1"))
    context = Context(lambda _settings: real_app)
    context.__dict__["settings"] = real_app.config["SETTINGS"]
    result = CliRunner().invoke(export_election_command, [slug, "-o", str(out)], obj=context)
    assert result.exit_code == 2
    assert "P1" not in result.output
    assert not out.exists()
