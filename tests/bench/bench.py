# SPDX-License-Identifier: MIT
"""Measures everything and prints it. Started by run.sh, which has laid out the site."""

import argparse
import json
import os
import signal
import sys
import time

import account
import callback
import cases
import pace
import process
import report
import server


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", metavar="FILE", default=os.environ.get("BENCH_JSON"),
                        help="write the figures there too (default: what BENCH_JSON says)")
    return parser.parse_args()


def say(text):
    print("bench: " + text, file=sys.stderr, flush=True)


def measure():
    session = account.SignIn().finish()
    cases.keep_sessions()
    every = cases.all_cases(session)
    say("bare processes")
    figures = {"process": process.costs(every)}
    for label, values in process.times(every).items():
        figures["process"][label].update(values)
    report.processes(every, figures["process"])
    sys.stdout.flush()
    say("under Apache")
    figures["apache"] = server.measure(every)
    report.server(every, figures["apache"], server.CLIENTS)
    sys.stdout.flush()
    say("the callback")
    figures["callback"] = callback.measure(every[0])
    report.callback(figures["callback"])
    return figures


def main():
    options = parse_options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    began = time.monotonic()
    figures = measure()
    print("\nTook %.0f s. Times vary with what else runs here; instructions and system calls do not." %
          (time.monotonic() - began))
    if options.json:
        with open(options.json, "w", encoding="utf-8") as stream:
            json.dump(figures, stream, indent=2)
            stream.write("\n")


if __name__ == "__main__":
    main()
