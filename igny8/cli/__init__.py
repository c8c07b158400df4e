"""The command line: parse, call one service, print. Nothing is decided here."""
