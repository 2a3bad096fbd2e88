"""`python -m makegood.console` is the `makegood` command."""

from makegood.console.command import main

main()
