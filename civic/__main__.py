"""`python -m civic` is the `civic` command."""

from civic.app import main

main()
