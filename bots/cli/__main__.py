"""`python -m bots.cli` is the `audiogpt` command."""

from bots.cli.main import main

main()
