#!/usr/bin/env python3
"""Measures lamina against PyTorch, JAX and ONNX Runtime and prints one Markdown table: run.py --lamina lamina_turns.

For each case all take turns, round after round, each on the same processors; a figure is the median over the
rounds, a ratio that of the ratios within a round. What is not installed is left out with a word.
"""

import argparse
import json
import math
import pathlib
import statistics
import subprocess
import sys
import tempfile

import measuring
from networks import CASES

HERE = pathlib.Path(__file__).parent


class Peer:
    """A program that is asked for cases and waits in between."""

    def __init__(self, name, command, threads):
        self.name = name
        self.errors = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
            preexec_fn=lambda: measuring.pin(threads),
        )

    def answer(self):
        line = self.process.stdout.readline()
        return json.loads(line) if line else None

    def begin(self):
        """False, with a word, where it cannot run."""
        hello = self.answer()
        if hello is None:
            said = self.said().strip().splitlines()
            print(f"{self.name} is left out: {said[-1] if said else 'it ended at once'}", file=sys.stderr)
            return False
        self.name = hello["peer"]
        return True

    def ask(self, name, seconds):
        """Milliseconds, or None where it has no such thing."""
        print(seconds, name, file=self.process.stdin, flush=True)
        answered = self.answer()
        if answered is None:
            sys.exit(f"{self.name} ended in `{name}`:\n{self.said()}")
        return answered.get("milliseconds")

    def said(self):
        """What it wrote to standard error."""
        self.process.wait()
        self.errors.seek(0)
        return self.errors.read()

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def peers(options, threads):
    """Those that run here, lamina first."""
    programs = {"PyTorch": ["pytorch.py"], "JAX": ["jax_peer.py"], "ONNX Runtime": ["onnx_runtime.py"]}
    if options.compiled:
        programs["torch.compile"] = ["pytorch.py", "--compiled"]
    made = [Peer("lamina", [options.lamina, str(threads)], threads)]
    for name, (script, *more) in programs.items():
        command = [sys.executable, str(HERE / script), "--asked", "--threads", str(threads), *more]
        made.append(Peer(name, command, threads))
    running = [peer for peer in made if peer.begin()]
    if running[:1] != made[:1]:
        sys.exit("lamina's own program does not run")
    return running


def measure(running, name, rounds, seconds):
    """Milliseconds of every round by peer; without those that have no such thing."""
    times = {peer.name: [] for peer in running}
    for _ in range(rounds):
        for peer in running:
            milliseconds = peer.ask(name, seconds)
            if milliseconds is not None:
                times[peer.name].append(milliseconds)
    return {peer: of_rounds for peer, of_rounds in times.items() if of_rounds}


def significant(number):
    """With three digits that count."""
    return f"{number:.{max(0, 2 - math.floor(math.log10(number)))}f}"


def rows_of(options):
    for threads in options.threads:
        running = peers(options, threads)
        for name in CASES:
            if options.only not in name:
                continue
            times = measure(running, name, options.rounds, options.seconds)
            row = {"name": name, "threads": threads, "peers": {}}
            for peer, of_rounds in times.items():
                ratios = [theirs / ours for theirs, ours in zip(of_rounds, times["lamina"])]
                row["peers"][peer] = {
                    "milliseconds": statistics.median(of_rounds),
                    "ratio": statistics.median(ratios),
                    "least": min(ratios),
                    "most": max(ratios),
                }
            yield row
        for peer in running:
            peer.end()


def print_table(rows):
    """A row for each case and number of threads, in each cell the ratio to lamina and the milliseconds."""
    names = list(dict.fromkeys(peer for row in rows for peer in row["peers"]))
    print("| " + " | ".join(["", "threads", "lamina, ms", *names[1:]]) + " |")
    print("|---" * (2 + len(names)) + "|")
    for row in rows:
        cells = [row["name"], str(row["threads"]), significant(row["peers"]["lamina"]["milliseconds"])]
        for name in names[1:]:
            found = row["peers"].get(name)
            cells.append(f"{found['ratio']:.2f} ({significant(found['milliseconds'])} ms)" if found else "")
        print("| " + " | ".join(cells) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lamina", required=True, help="the program lamina_turns")
    parser.add_argument("--threads", type=lambda text: [int(word) for word in text.split(",")], default=[1, 2])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.3, help="of a turn")
    parser.add_argument("--only", default="", help="cases whose names have this text")
    parser.add_argument("--compiled", action="store_true", help="PyTorch through torch.compile, too")
    parser.add_argument("--json", help="write the figures to this file, too")
    options = parser.parse_args()
    rows = list(rows_of(options))
    print_table(rows)
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps({"rows": rows}, indent=2) + "\n")


if __name__ == "__main__":
    main()
