"""The `civic` command, also as `python -m civic`."""

from civic.memory import kept


def main() -> None:
    """Import the program with the collector at rest, then do what the command line asks."""
    with kept():
        from civic import app
    app.main()


if __name__ == "__main__":
    main()
