# SPDX-License-Identifier: MIT
"""Programs as bare processes: time, instructions, system calls, peak memory."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from statistics import median

import account
import cases
import pace

SYSTEM_CALL = re.compile(r"^(\d+ +)?\w+\(")


def run(command, environment, **options):
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False, **account.as_owner(), **options)
    if done.returncode != 0:
        raise SystemExit("bench: %s failed: %s" % (shlex.join(command), done.stderr.decode(errors="replace")))
    return done


def hyperfine(case, prepared, runs):
    """Times some runs, in milliseconds: (median, fastest). The program's environment is that of hyperfine itself."""
    log = account.workshop("hyperfine.json")
    command = [shutil.which("hyperfine"), "-N", "--style", "none", "--warmup", "3", "--runs", str(runs),
               "--export-json", log, shlex.quote(case.file)]
    if prepared:
        command[1:1] = ["--prepare", shlex.join([sys.executable, "-ISc", cases.restore_script()])]
    run(command, case.environment)
    with open(log, encoding="utf-8") as stream:
        result = json.load(stream)["results"][0]
    return result["median"] * 1000, result["min"] * 1000


def times(every):
    """Time and ratio of each case. The machine's speed drifts, so each round runs the trivial program right before each
    case, with the same preparation, and the median of these ratios counts; that of the fastest runs is the check."""
    trivial, result, runs = every[0], {}, pace.PLAN["process_runs"]
    taken = {case.label: [] for case in every}
    for _ in pace.rounds(pace.PLAN["process_rounds"], pace.PLAN["process_seconds"]):
        for case in every:
            taken[case.label].append((hyperfine(trivial, case.prepared, runs), hyperfine(case, case.prepared, runs)))
    for label, pairs in taken.items():
        result[label] = {"ms": median(own for _, (own, _) in pairs),
                         "ratio": median(own / base for (base, _), (own, _) in pairs),
                         "fastest_ratio": min(own for _, (_, own) in pairs) / min(base for (_, base), _ in pairs)}
    return result


def instructions(file, environment):
    """Instructions that the program and its libraries execute, without the kernel's; the same at every run."""
    command = [shutil.which("valgrind"), "--command-line-only=yes", "--tool=callgrind",
               "--callgrind-out-file=/dev/null", file]
    errors = run(command, environment).stderr.decode(errors="replace")
    return int(re.search(r"Collected *: *(\d+)", errors).group(1))


def trace(file, environment, *options):
    """The lines of strace, or None without it."""
    strace, log = shutil.which("strace"), account.workshop("strace.log")
    if strace is None:
        return None
    run([strace, "-f", "-qq", "-o", log, *options, file], environment)
    with open(log, encoding="utf-8", errors="replace") as stream:
        return [line for line in stream if SYSTEM_CALL.match(line)]


def system_calls(file, environment):
    lines = trace(file, environment)
    return None if lines is None else len(lines)


def spawn(file, environment):
    """Runs a program once: (started, ended, processor µs, peak KiB), and what it printed."""
    report = account.workshop("spawn.txt")
    done = run([account.workshop("spawn"), report, file], environment)
    with open(report, encoding="ascii") as stream:
        return [int(word) for word in stream.read().split()], done.stdout


def restore_session():
    run([sys.executable, "-ISc", cases.restore_script()], dict(os.environ))


def costs(every):
    """What does not vary with the machine's load."""
    result = {}
    for case in every:
        measures = {"instructions": instructions, "calls": system_calls,
                    "kib": lambda *what: median(spawn(*what)[0][3] for _ in range(pace.PLAN["peaks"]))}
        result[case.label] = {}
        for name, measure in measures.items():
            if case.prepared:
                restore_session()
            result[case.label][name] = measure(case.file, case.environment)
    base = result[every[0].label]["instructions"]
    for values in result.values():
        values["instruction_ratio"] = values["instructions"] / base
    return result
