"""Runs: who starts, joins and replays them, the worker, the cache of stage results, and what a run used."""
