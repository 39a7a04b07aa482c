"""The commands of `lens-rx`, one file each."""
