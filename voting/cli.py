"""Elections in and out on the command line."""

import io
import sys
from pathlib import Path

import click
from sqlalchemy.exc import DBAPIError

from civic import clock
from civic.actor import SYSTEM
from civic.cli import Context, pass_context
from civic.errors import DomainError

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@click.command("import-election")
@click.argument("file", type=FILE)
@click.option("--slug", help="The round's address; made of the file's unit and instance otherwise.")
@click.option("--name", help="The round's name.")
@click.option("--rule", help="The counting rule, where the file names none that can be counted.")
@pass_context
def import_election_command(
    context: Context, file: Path, slug: str | None, name: str | None, rule: str | None
) -> None:
    """Import the Pabulib FILE as a recorded round: every ballot is cast, then closed, counted and published.

    Stopped halfway, the same command goes on. Exits with 2 when the file or the address cannot be used, with 1
    when the database went away. The bar is shown on a terminal only.
    """
    from voting import casting, importing

    with context.app.app_context():
        try:
            click.echo(importing.describe(importing.read_election(file, rule)))
            hidden = not sys.stderr.isatty()
            with click.progressbar(
                length=1, label="Casting", show_pos=True, file=sys.stderr, hidden=hidden
            ) as bar:

                def progress(done: int, total: int) -> None:
                    bar.length = max(total, 1)
                    bar.update(done - bar.pos)

                imported = importing.import_election(
                    SYSTEM, file, clock.now(), progress, slug=slug, name=name, rule=rule
                )
        except importing.UnusableFile as error:
            for line in error.lines:
                click.echo(f"{file}: {line}", err=True)
            raise SystemExit(2) from error
        except (casting.NotConfirmed, DBAPIError) as error:
            click.echo("The database went away. Run the same command again: it goes on from here.", err=True)
            raise SystemExit(1) from error
        except DomainError as error:
            click.echo(str(error.message), err=True)
            raise SystemExit(2) from error
        click.echo(
            f"Round {imported.slug}: {imported.ballots} ballots ({imported.cast} cast now), "
            f"{len(imported.winners)} winners: {', '.join(imported.winners)}"
        )
        click.echo(f"{context.settings.base_url}/rounds/{imported.slug}/results")


@click.command("export-election")
@click.argument("slug", metavar="ROUND")
@click.option("--pot", "pot_id", type=int, help="Which pot, when the round has several.")
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="File to write."
)
@pass_context
def export_election_command(context: Context, slug: str, pot_id: int | None, output: Path | None) -> None:
    """Write the ballots and the outcome of ROUND (its address) as a Pabulib file. Only after publication."""
    from voting import publication, results_page, round_queries
    from voting.questions.results import is_withheld

    with context.app.app_context():
        try:
            round_ = round_queries.get_public_round(slug)
            plan, result = results_page.published(round_)
        except DomainError as error:
            click.echo(f"There is no public result of a round {slug!r}.", err=True)
            raise SystemExit(2) from error
        if is_withheld(plan, result):
            click.echo(f"Too few people voted in {slug!r}: its answers are not published.", err=True)
            raise SystemExit(2)
        pots = sorted(pot for pot in plan.counted_pots if plan.counted_projects(pot))
        if pot_id is None and len(pots) > 1:
            named = ", ".join(f"{pot} ({plan.counted_pots[pot].name})" for pot in pots)
            click.echo(f"The round has several pots; choose one with --pot: {named}", err=True)
            raise SystemExit(2)
        if pot_id is not None and pot_id not in pots:
            click.echo(f"The round has no pot {pot_id} with projects.", err=True)
            raise SystemExit(2)
        buffer = io.StringIO(newline="")
        publication.write_pot(buffer, round_, plan, pot_id or pots[0], context.settings.city)
        if output is None:
            click.echo(buffer.getvalue(), nl=False)
        else:
            output.write_text(buffer.getvalue(), newline="")


@click.command("export-publication")
@click.argument("slug", metavar="ROUND")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@pass_context
def export_publication_command(context: Context, slug: str, folder: Path) -> None:
    """Write everything the public gets of ROUND (its address) into DIR, with verify.py, which checks it.

    DIR is made, or must be empty. Exits with 2 before the results are public and when DIR cannot be used.
    """
    from voting import publication_set, results_page, round_queries

    with context.app.app_context():
        try:
            round_ = round_queries.get_public_round(slug)
            results_page.published(round_)
            found = publication_set.find_set(round_, context.settings.city)
        except publication_set.NotYetPublished as error:
            click.echo(
                f"The leaves of {slug!r} are not signed yet: the worker does it within a minute.", err=True
            )
            raise SystemExit(2) from error
        except DomainError as error:
            click.echo(f"There is no public result of a round {slug!r}.", err=True)
            raise SystemExit(2) from error
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if any(folder.iterdir()):
                click.echo(f"{folder} is not empty: name a new folder.", err=True)
                raise SystemExit(2)
            publication_set.write_folder(found, folder)
        except OSError as error:
            click.echo(f"{folder} cannot be written: {error.strerror}.", err=True)
            raise SystemExit(2) from error
        click.echo(f"Written. Verify it: python3 {folder / 'verify.py'} {folder}")


commands: list[click.Command] = [
    import_election_command,
    export_election_command,
    export_publication_command,
]
