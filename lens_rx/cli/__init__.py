"""The command line `lens-rx`: one command a file."""
