"""`python -m lens_rx` is `lens-rx`."""

from lens_rx.cli import main

main()
