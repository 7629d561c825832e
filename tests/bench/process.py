# SPDX-License-Identifier: MIT
"""Programs as bare processes: time, instructions, system calls, page faults, peak memory.

Their output goes where nobody waits for its end. Only under Apache does a program leave a child behind that holds it
open (common/program/process_exit.c), and that child comes sometimes before the end of the program and sometimes after it."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from statistics import median
from typing import NamedTuple

import account
import cases
import command
import pace

SYSTEM_CALL = re.compile(r"^(\d+ +)?\w+\(")


class Cost(NamedTuple):
    """What one run took: nanoseconds of a clock, microseconds of a processor, and page faults."""
    started: int
    ended: int
    processor: int
    minor_faults: int
    major_faults: int


def by_hyperfine(case, prepared, runs):
    """Times some runs, in milliseconds: (median, fastest). The program's environment is that of hyperfine itself."""
    log, run = account.workshop("hyperfine.json"), case.invocation
    arguments = [shutil.which("hyperfine"), "-N", "--style", "none", "--warmup", "1" if case.heavy else "3",
                 "--runs", str(runs), "--export-json", log, shlex.join(run.arguments)]
    if prepared:
        arguments[1:1] = ["--prepare", shlex.join([sys.executable, "-ISc", cases.restore_script()])]
    command.run(arguments, run.environment)
    with open(log, encoding="utf-8") as stream:
        result = json.load(stream)["results"][0]
    return result["median"] * 1000, result["min"] * 1000


def by_spawn(case, _, runs):
    """The same for a program that reads a body, which not every hyperfine can give it."""
    costs = [spawn(case.invocation)[0] for _ in range(runs)]
    taken = [(cost.ended - cost.started) / 1e6 for cost in costs]
    return median(taken), min(taken)


def times(every):
    """Time and ratio of each case. The machine's speed drifts, so each round runs the trivial program right before each
    case, with the same preparation, and the median of these ratios counts; that of the fastest runs is the check."""
    trivial, result = every[0], {}
    taken = {case.key: [] for case in every}
    for _ in pace.rounds(pace.PLAN["process_rounds"], pace.PLAN["process_seconds"]):
        for case in every:
            runs = pace.PLAN["heavy_runs" if case.heavy else "process_runs"]
            clock = by_hyperfine if case.invocation.stdin == os.devnull else by_spawn
            base = clock(trivial, case.prepared, pace.PLAN["process_runs"])
            taken[case.key].append((base, clock(case, case.prepared, runs)))
    for key, pairs in taken.items():
        result[key] = {"ms": median(own for _, (own, _) in pairs),
                       "ratio": median(own / base for (base, _), (own, _) in pairs),
                       "fastest_ratio": min(own for _, (_, own) in pairs) / min(base for (_, base), _ in pairs)}
    return result


def instructions(run):
    """Instructions that the program and its libraries execute, without the kernel's; the same at every run. Of a
    program that hands on to another one (execve) those of the last count."""
    arguments = [shutil.which("valgrind"), "--command-line-only=yes", "--tool=callgrind", "--trace-children=yes",
                 "--callgrind-out-file=/dev/null", *run.arguments]
    _, errors = command.run(arguments, run.environment, stdin=run.stdin, stdout=subprocess.DEVNULL)
    return sum(int(count) for count in re.findall(rb"Collected *: *(\d+)", errors))


def trace(run, *options):
    """The lines of strace, or None without it."""
    strace, log = shutil.which("strace"), account.workshop("strace.log")
    if strace is None:
        return None
    command.run([strace, "-f", "-qq", "-o", log, *options, *run.arguments], run.environment, stdin=run.stdin,
                stdout=subprocess.DEVNULL)
    with open(log, encoding="utf-8", errors="replace") as stream:
        return [line for line in stream if SYSTEM_CALL.match(line)]


def system_calls(run):
    lines = trace(run)
    return None if lines is None else len(lines)


def spawn(run):
    """Runs a program once: its cost, and what it printed."""
    report, answer = account.workshop("spawn.txt"), account.workshop("answer.txt")
    with open(answer, "wb") as stdout:
        command.run([account.workshop("spawn"), report, *run.arguments], run.environment, stdin=run.stdin,
                    stdout=stdout)
    with open(report, encoding="ascii") as numbers, open(answer, "rb") as text:
        return Cost(*(int(word) for word in numbers.read().split())), text.read()


def peak(run):
    """Its peak memory in KiB."""
    report = account.workshop("peak.txt")
    command.run([account.workshop("peak"), report, *run.arguments], run.environment, stdin=run.stdin,
                stdout=subprocess.DEVNULL)
    with open(report, encoding="ascii") as stream:
        return int(stream.read())


def restore_session():
    command.run([sys.executable, "-ISc", cases.restore_script()], dict(os.environ))


def costs(prepare, *, heavy=False):
    """What does not vary with the machine's load. `prepare` gives the invocation for each run."""
    runs = [spawn(prepare())[0] for _ in range(pace.PLAN["repeats"])]
    return {"calls": system_calls(prepare()),
            # An interpreter takes valgrind too long.
            "instructions": None if heavy else instructions(prepare()),
            "minor_faults": median(cost.minor_faults for cost in runs),
            "major_faults": median(cost.major_faults for cost in runs),
            "kib": median(peak(prepare()) for _ in range(pace.PLAN["repeats"]))}


def costs_of(case):
    def prepare():
        if case.prepared:
            restore_session()
        return case.invocation
    return costs(prepare, heavy=case.heavy)


def measure(every):
    """A row for each case."""
    known = {case.key: {"program": case.label, "linked": case.linked, "goal": case.goal, **costs_of(case)}
             for case in every}
    for key, values in times(every).items():
        known[key].update(values)
    return list(known.values())
