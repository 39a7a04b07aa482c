"""How many nodes, how much memory, Redis and model a number of photos a day needs; what saturates first; how long they wait.

    python benchmarks/capacity.py [--runs 20] [--duplicates 0.5] [--walls 0.02] [--cores 4] [--costs FILE]

First measures what a run costs: two nodes with workers on one Redis and one sandbox (real processes, Chromium, sockets)
analyse photos that arrive at random, and replay them. The simulation of the same arrivals on these two nodes is checked
against what was seen. Then it simulates 1,000, 100,000 and 10,000,000 photos a day at the delays of real services: photos
arrive along a day's curve, some are duplicates, some look-ups end at a wall; nodes have so many cores, eight runs at once
and four tabs. For each it prints how many nodes are needed at the busiest hour, what is used there, and the waiting
times. `--costs` names a JSON file of costs, as this script writes it with `--keep`, in place of measuring.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import random
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from tools.figures import number_text, report, report_series
from tools.fleet import Costs, Observed, fleet, measure_costs
from tools.service import describe_machine
from tools.simulation import Join, Process, Resource, Simulation

from lens_rx.clients.llm.llm_response import cost_usd
from lens_rx.settings import Settings

PHOTOS_A_DAY = (1_000, 100_000, 10_000_000)
#: Photos an hour relative to the day's mean: intake staff work by day, and most in the afternoon.
DAY = (*([0.1] * 6), 0.3, 0.7, 1.3, 1.8, 2.0, 1.9, 1.6, 1.8, 2.2, 2.3, 2.1, 1.7, 1.2, 0.9, 0.7, 0.5, 0.3, 0.2)
#: The busiest hour, relative to the day's mean.
PEAK = max(DAY) * len(DAY) / sum(DAY)
#: Seconds of real services: the median, and the spread of its logarithm.
LATENCIES = {
    "lens": (5.0, 0.4),
    "describe": (2.0, 0.4),
    "identify": (1.5, 0.4),
    "producer": (2.0, 0.5),
    "retail": (2.0, 0.6),
    "offers": (4.0, 0.5),
    "estimate": (0.0, 0.0),
}
#: Stages that hold a tab, and the part of Chromium's time that falls to each.
IN_TABS = {"lens": 0.6, "producer": 0.4}
WALL_SECONDS = 2.0
SIMULATED_PHOTOS = 20_000
MOST_USED = 0.7
TABS, RUNS_AT_ONCE = 4, 8
REDIS_BYTES = 64e9
#: The model whose price is taken, and the part of the tokens that are the prompts'.
MODEL, PROMPT_SHARE = "gpt-6-luna", 0.9
KEPT_DAYS = 365


@dataclass(frozen=True, slots=True)
class Mix:
    """What arrives: the share of duplicates and of look-ups that end at a wall; and each stage's seconds."""

    duplicates: float
    walls: float
    latency: Callable[[str, random.Random], float]


@dataclass(eq=False)
class SimulatedNode:
    """A node's cores and tabs, and how many runs are on it."""

    cores: Resource
    tabs: Resource
    running: int = 0


class SimulatedFleet:
    """Nodes of one queue; `seconds` are those from the arrival of a distinct photo to its last fact.

    `waits` are those that it waited for a place among the runs, and for tabs. A run goes to the node with the fewest;
    `shared`: all nodes are on the same cores.
    """

    def __init__(
        self, nodes: int, cores: int, runs_at_once: int, costs: Costs, mix: Mix, *, shared: bool
    ) -> None:
        self.simulation = Simulation()
        self.slots = Resource(self.simulation, nodes * runs_at_once)
        same = Resource(self.simulation, cores)
        self.nodes = [
            SimulatedNode(
                same if shared else Resource(self.simulation, cores), Resource(self.simulation, TABS)
            )
            for _ in range(nodes)
        ]
        self.seconds: list[float] = []
        self.waits: list[float] = []
        self._costs, self._mix = costs, mix
        self._rng = random.Random(11)

    def arrive(self, at: float) -> None:
        """Let a photo arrive."""
        duplicate = self._rng.random() < self._mix.duplicates
        self.simulation.schedule(at, self._duplicate() if duplicate else self._distinct())

    def _duplicate(self) -> Process:
        yield from self._rng.choice(self.nodes).cores.hold(self._costs.replay_cpu)

    def _distinct(self) -> Process:
        arrived = self.simulation.now
        yield self.slots
        waited = [self.simulation.now - arrived]
        node = min(self.nodes, key=lambda it: it.running)
        node.running += 1
        for together in (("lens", "describe"), ("identify",)):
            yield Join(self.simulation, tuple(self._stage(node, it, waited) for it in together))
        yield Join(self.simulation, (self._retail(node, waited), self._worth(node, waited)))
        node.running -= 1
        self.slots.give_back()
        self.waits.append(sum(waited))
        self.seconds.append(self.simulation.now - arrived)

    def _retail(self, node: SimulatedNode, waited: list[float]) -> Process:
        yield from self._stage(node, "producer", waited)
        yield from self._stage(node, "retail", waited)

    def _worth(self, node: SimulatedNode, waited: list[float]) -> Process:
        yield from self._stage(node, "offers", waited)
        yield from self._stage(node, "estimate", waited)

    def _stage(self, node: SimulatedNode, name: str, waited: list[float]) -> Process:
        seconds = self._mix.latency(name, self._rng)
        cpu = stage_cpu(self._costs, name)
        if name not in IN_TABS:
            yield seconds
            yield from node.cores.hold(cpu)
            return
        if self._rng.random() < self._mix.walls:
            seconds = WALL_SECONDS
        asked = self.simulation.now
        yield node.tabs
        waited.append(self.simulation.now - asked)
        yield seconds
        yield from node.cores.hold(cpu)
        node.tabs.give_back()


def stage_cpu(costs: Costs, name: str) -> float:
    """Return the seconds of CPU of a stage, with Chromium's: Python's falls to the stages as their time on the sandbox."""
    share = costs.stages[name] / sum(costs.stages.values())
    return share * costs.python_cpu + IN_TABS.get(name, 0.0) * costs.chromium_cpu


def real_latency(name: str, rng: random.Random) -> float:
    """Draw the seconds of a real service."""
    median, spread = LATENCIES[name]
    return median * math.exp(rng.gauss(0, spread)) if median else 0.0


def demand(costs: Costs, mix: Mix, rate: float) -> dict[str, float]:
    """Return what photos a second use: cores, runs at once, tabs."""
    rng = random.Random(3)
    mean = {it: statistics.fmean(mix.latency(it, rng) for _ in range(500)) for it in LATENCIES}
    distinct = rate * (1 - mix.duplicates)
    long = (
        max(mean["lens"], mean["describe"])
        + mean["identify"]
        + max(mean["producer"] + mean["retail"], mean["offers"])
    )
    cpu = costs.python_cpu + costs.chromium_cpu
    return {
        "cores": distinct * cpu + rate * mix.duplicates * costs.replay_cpu,
        "runs at once": distinct * (long + cpu),
        "tabs": distinct * (sum(mean[it] for it in IN_TABS) + costs.chromium_cpu),
    }


def places_of_node(cores: int) -> dict[str, int]:
    """Return how much a node has of each thing that `demand` names."""
    return {"cores": cores, "runs at once": RUNS_AT_ONCE, "tabs": TABS}


def nodes_needed(used: dict[str, float], cores: int) -> tuple[int, str]:
    """Return how many nodes are enough at `MOST_USED`, and what decides."""
    places = places_of_node(cores)
    first = max(used, key=lambda it: used[it] / places[it])
    return max(1, math.ceil(used[first] / places[first] / MOST_USED)), first


def simulate_peak(costs: Costs, mix: Mix, rate: float, nodes: int, cores: int) -> SimulatedFleet:
    """Simulate the busiest hour, or as long as it takes for so many photos."""
    simulated = SimulatedFleet(nodes, cores, RUNS_AT_ONCE, costs, mix, shared=False)
    rng, at = random.Random(7), 0.0
    while at < 3600 and rate * at < SIMULATED_PHOTOS:
        at += rng.expovariate(rate)
        simulated.arrive(at)
    simulated.simulation.run()
    return simulated


def plan(photos: int, costs: Costs, mix: Mix, cores: int) -> None:
    """Print what a number of photos a day needs."""
    peak = photos / 86_400 * PEAK
    used = demand(costs, mix, peak)
    nodes, first = nodes_needed(used, cores)
    simulated = simulate_peak(costs, mix, peak, nodes, cores)
    distinct = photos * (1 - mix.duplicates)
    seconds, waits = (statistics.quantiles(it, n=100) for it in (simulated.seconds, simulated.waits))
    memory = nodes * (costs.python_mib + costs.chromium_mib) / 1024
    day = f"{photos:,} photos a day"
    print(f"\n{day} ({peak:.3g} a second in the busiest hour, {mix.duplicates:.0%} duplicates)")
    report(f"{day}: nodes of {cores} cores ({first} decide)", nodes, "nodes")
    report(f"{day}: memory of all nodes", memory, "GiB", main=False)
    report(
        f"{day}: a distinct photo, median and 95 %",
        f"{seconds[49]:.1f} and {seconds[94]:.1f}",
        "s",
        main=False,
    )
    report(f"{day}: of that waiting, median and 99 %", f"{waits[49]:.2f} and {waits[98]:.2f}", "s")
    for name, places in places_of_node(cores).items():
        print(f"    {name}: {used[name]:.3g} of {nodes * places}")
    rate = peak * (1 - mix.duplicates)
    report(f"{day}: Redis in the busiest hour", rate * costs.redis_requests, "requests a second", main=False)
    busy = rate * costs.redis_cpu
    print(
        f"    {max(1, math.ceil(busy / MOST_USED))} Redis: CPU {busy:.1%} of a core; in {rate * costs.redis_bytes_in / 1e6:.3g} "
        f"MB/s, out {rate * costs.redis_bytes_out / 1e6:.3g} MB/s; with the last {Settings().kept_runs:,} runs "
        f"{Settings().kept_runs * costs.redis_bytes_stored / 1e9:.3g} GB, with all of {KEPT_DAYS} days "
        f"{distinct * KEPT_DAYS * costs.redis_bytes_stored / 1e9:.3g} GB"
    )
    prompt = round(PROMPT_SHARE * costs.tokens)
    usd = cost_usd(MODEL, prompt, round(costs.tokens) - prompt)
    report(f"{day}: the model ({MODEL})", distinct * usd, "USD a day", main=False)
    print(
        f"    {distinct * costs.tokens / 1e6:.3g} million tokens a day, {rate * costs.tokens * 60:,.0f} a minute"
    )


def say_where_one_redis_ends(costs: Costs, mix: Mix) -> None:
    """Print how far one Redis goes, and how keys would be spread over several."""
    share = 1 - mix.duplicates
    by_cpu = MOST_USED / costs.redis_cpu / share / PEAK * 86_400
    by_memory = REDIS_BYTES / costs.redis_bytes_stored / share / KEPT_DAYS
    print("\nwhere one Redis ends")
    report("photos a day at which one Redis uses 70 % of its core", by_cpu, "photos a day")
    report(
        f"photos a day whose runs of {KEPT_DAYS} days fill {REDIS_BYTES / 1e9:.0f} GB",
        by_memory, "photos a day",
    )  # fmt: skip
    print(
        "  First keep runs for fewer days (LENS_RX_KEPT_DAYS, LENS_RX_KEPT_RUNS): memory is short long before the CPU is.\n"
        "  Then spread the keys over several Redis by a hash tag: all keys of one run and its generations (run, facts, ids,\n"
        "  photos) carry {xx}, the first two digits of the run's key, so that each script finds its keys on one node; there is\n"
        "  one stream of jobs and one index a tag, of which a worker claims in turn; results of stages carry the tag of their\n"
        "  own key. Those keys need a new prefix version beside v1, which is still read: 256 tags, no script over two of them."
    )


def check_small_end(costs: Costs, observed: Observed, cores: int) -> None:
    """Report what the simulation says of the arrivals that were seen, beside what they took."""
    mix = Mix(0.0, 0.0, lambda name, _: max(0.0, costs.stages[name] - stage_cpu(costs, name)))
    # sandbox and Redis are on the same cores
    all_cpu = costs.python_cpu + costs.outside_cpu + costs.redis_cpu
    simulated = SimulatedFleet(2, cores, 4, replace(costs, python_cpu=all_cpu), mix, shared=True)
    for at in observed.arrivals:
        simulated.arrive(at)
    simulated.simulation.run()
    said, seen = (statistics.fmean(it) for it in (simulated.seconds, observed.seconds))
    print(
        f"  two nodes, {len(observed.seconds)} photos at random times: {seen:.2f} s each; simulated {said:.2f} s"
    )
    report(
        "the simulation of two real nodes on one Redis, mean time of a photo",
        said,
        "s",
        peer="what they took",
        ratios=[said / seen],
    )


async def measured(runs: int) -> tuple[Costs, Observed]:
    """Return the costs of a run of the sandbox."""
    async with fleet() as running:
        return await measure_costs(running, runs)


def print_costs(costs: Costs) -> None:
    """Print each cost."""
    for name, value in asdict(costs).items():
        if isinstance(value, float):
            print(f"    {name:20} {number_text(value)}")
    print("    seconds of stages     " + "  ".join(f"{name} {it:.2f}" for name, it in costs.stages.items()))


def draw(costs: Costs, mix: Mix, cores: int) -> None:
    """Report the nodes over the photos a day."""
    volumes = [10 ** (it / 4) for it in range(12, 29)]
    nodes: list[tuple[float, float]] = []
    for volume in volumes:
        peak = volume / 86_400 * PEAK
        nodes.append((volume, float(nodes_needed(demand(costs, mix, peak), cores)[0])))
    report_series(
        "Nodes over photos a day", "photos a day", f"nodes of {cores} cores", {"nodes": nodes}, log=True
    )


def main(options: argparse.Namespace) -> None:
    """Measure, check, and print the plans."""
    print(describe_machine())
    if options.costs:
        costs = Costs(**json.loads(options.costs.read_text()))
    else:
        costs, observed = asyncio.run(measured(options.runs))
        check_small_end(costs, observed, options.machine_cores)
    print_costs(costs)
    if options.keep:
        options.keep.write_text(json.dumps(asdict(costs)))
    mix = Mix(options.duplicates, options.walls, real_latency)
    for photos in PHOTOS_A_DAY:
        plan(photos, costs, mix, options.cores)
    say_where_one_redis_ends(costs, mix)
    draw(costs, mix, options.cores)


def options_of(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=20, help="photos that arrive while costs are measured")
    parser.add_argument("--duplicates", type=float, default=0.5, help="share of photos that were seen before")
    parser.add_argument("--walls", type=float, default=0.02, help="share of look-ups that end at a wall")
    parser.add_argument("--cores", type=int, default=4, help="cores of a node that is planned")
    parser.add_argument("--machine-cores", type=int, default=2, help="cores of this machine")
    parser.add_argument("--costs", type=Path, help="costs as --keep wrote them, in place of measuring")
    parser.add_argument("--keep", type=Path, help="write the costs to this file")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main(options_of())
