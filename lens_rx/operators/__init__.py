"""What the stages do: one operator, one file, one public name each."""
