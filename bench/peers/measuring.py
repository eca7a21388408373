"""What the peers' programs share: threads, measuring, JSON lines.

Each measures as bench/measure.hpp does, one call to warm up and then the best of those within some time, and
prints a JSON line for each case: name, threads, and the median of the rounds in milliseconds. With --asked it
reads `SECONDS NAME` lines instead and answers each with one round, so that several programs can take turns.
"""

import argparse
import json
import os
import statistics
import sys
import time

from networks import CASES


def pin(threads):
    """Leaves this process the first `threads` of its processors."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])


def begin():
    """Reads the options and sets what must be set before a framework is loaded."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.3, help="of a round of a case")
    parser.add_argument("--only", default="", help="cases whose names have this text")
    parser.add_argument("--asked", action="store_true", help="read `SECONDS NAME` lines")
    parser.add_argument("--compiled", action="store_true", help="PyTorch: torch.compile")
    options = parser.parse_args()
    pin(options.threads)
    for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[variable] = str(options.threads)
    return options


def best_time(run, seconds):
    """Seconds a call."""
    run()
    best = float("inf")
    start = time.perf_counter()
    runs = 0
    while runs < 2 or time.perf_counter() - start < seconds:
        before = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - before)
        runs += 1
    return best


def report(**line):
    print(json.dumps(line), flush=True)


def serve(options, peer, prepare):
    """Measures. `prepare(case)` returns a call that does the work once, or None where the peer has no such thing."""
    prepared = {}

    def measure(name, seconds, rounds):
        if name not in prepared:
            prepared[name] = prepare(CASES[name])
        run = prepared[name]
        if run is None:
            return {"name": name, "missing": True}
        milliseconds = 1e3 * statistics.median(best_time(run, seconds) for _ in range(rounds))
        return {"peer": peer, "name": name, "threads": options.threads, "milliseconds": milliseconds}

    if not options.asked:
        for name in CASES:
            if options.only in name:
                report(**measure(name, options.seconds, options.rounds))
        return
    report(peer=peer)
    for line in sys.stdin:
        seconds, name = line.rstrip("\n").split(" ", 1)
        report(**measure(name, float(seconds), 1))
