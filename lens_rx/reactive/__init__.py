"""asyncio and Rx: coroutines as observables, stages with deadline and progress, retries, background tasks."""

from lens_rx.reactive.attempt import Attempt, attempt_all, failures, results
from lens_rx.reactive.background_tasks import BackgroundTasks
from lens_rx.reactive.composition import fold_all, merge_now, then
from lens_rx.reactive.interop import (
    Interrupted,
    Interruptible,
    cancel_and_wait,
    create_task,
    from_async_iterable,
    from_coroutine,
    loop_scheduler,
    to_async_batches,
    to_async_iterable,
    wait_all,
)
from lens_rx.reactive.retry import retrying_caller, with_retry
from lens_rx.reactive.stage import (
    ExtraStage,
    Operator,
    StageFunction,
    Step,
    several_facts,
    single_fact,
)

__all__ = [
    "Attempt",
    "BackgroundTasks",
    "ExtraStage",
    "Interrupted",
    "Interruptible",
    "Operator",
    "StageFunction",
    "Step",
    "attempt_all",
    "cancel_and_wait",
    "create_task",
    "failures",
    "fold_all",
    "from_async_iterable",
    "from_coroutine",
    "loop_scheduler",
    "merge_now",
    "results",
    "retrying_caller",
    "several_facts",
    "single_fact",
    "then",
    "to_async_batches",
    "to_async_iterable",
    "wait_all",
    "with_retry",
]
