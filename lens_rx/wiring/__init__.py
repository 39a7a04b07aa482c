"""Production's choice of client, storage and operator: `browser_start` first, then the rest of a `node` beside it."""
