"""The flow: how coroutines enter Rx, and how a stage is guarded and shared."""
