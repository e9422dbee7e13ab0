"""JSON schemas of the lines that commands print with --json."""
