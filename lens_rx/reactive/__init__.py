"""asyncio and Rx together: coroutines as observables, the guarded stage, retries, background tasks."""
