"""`python -m lens_rx` is `lens-rx`."""

from lens_rx.cli.main import main

main()
