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
import crowd
import fastcgi
import gate
import pace
import peers
import picture
import process
import report
import server
import timeline
import wait


PARTS = ("processes", "waits", "crowds", "apache", "fastcgi", "gate")


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART",
                        help="measures these parts alone: %s" % ", ".join(PARTS))
    for name, what in (("json", "write the figures there too"), ("markdown", "fill in the tables of this document"),
                       ("svg", "draw the picture")):
        variable = "BENCH_" + name.upper()
        parser.add_argument("--" + name, metavar="FILE", default=os.environ.get(variable),
                            help="%s (default: what %s says)" % (what, variable))
    options = parser.parse_args()
    for part in set(options.parts) - set(PARTS):
        parser.error("there is no part %r" % part)
    options.parts = options.parts or PARTS
    return options


def say(text):
    print("bench: " + text, file=sys.stderr, flush=True)


def measure_processes(every, figures):
    say("bare processes")
    figures["process"] = process.measure(every)
    say("the callback")
    inside = callback.measure(every[0])
    figures["process"] += inside["rows"]
    figures["inside_callback"] = inside["inside"]
    report.say(report.processes(figures), report.callbacks(figures))
    print("\n" + report.certificates(figures), flush=True)


def measure_waits(figures):
    say("waits at the callback")
    figures["wait"] = wait.measure()
    figures["timeline"] = timeline.measure()
    report.say(report.waits(figures), report.timelines(figures))


def measure_crowds(figures):
    say("logins at once")
    figures["crowd"] = crowd.measure()
    report.say(report.crowds(figures))


def measure_fastcgi(cookie, figures):
    say("FastCGI")
    figures["fastcgi"] = fastcgi.measure(cookie)
    if figures["fastcgi"]:
        report.say(report.fastcgi(figures))
    if figures["fastcgi"] is None:
        say("FastCGI is left out: there is no wrk here")
    elif not account.fastcgi_accounts():
        say("FastCGI is left out: Apache has no mod_fcgid here")


def measure_apache(every, figures):
    say("under Apache")
    figures["apache"] = server.measure(every)
    report.say(report.apache(figures))


def measure_gate(cookie, figures):
    say("the gate")
    figures["gate"] = gate.measure(cookie)
    report.say(report.gate(figures))


def measure(parts):
    figures = {"peers": peers.installed()}
    for peer, program in (("php", "php-cgi"), ("node", "node")):
        if peer not in figures["peers"]:
            say("no comparison with %s: it is not installed" % program)
    session = account.SignIn().finish()
    cases.keep_sessions()
    every = cases.all_cases(session)
    start = next(case for case in every if case.label == "start")
    steps = {"processes": lambda: measure_processes(every + peers.cases(start), figures),
             "waits": lambda: measure_waits(figures),
             "crowds": lambda: measure_crowds(figures),
             "apache": lambda: measure_apache(every, figures),
             "fastcgi": lambda: measure_fastcgi(session, figures),
             "gate": lambda: measure_gate(session, figures)}
    for part in PARTS:
        if part in parts:
            steps[part]()
    return figures


def write(figures, options):
    if options.json:
        with open(options.json, "w", encoding="utf-8") as stream:
            json.dump(figures, stream, indent=2)
            stream.write("\n")
    if options.markdown:
        report.write_markdown(options.markdown, figures)
    if options.svg and set(options.parts) >= {"processes", "fastcgi"}:
        picture.write(options.svg, figures)


def too_long(*_):
    raise SystemExit("bench: gives up after %d s" % pace.PLAN["limit_seconds"])


def main():
    options = parse_options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    signal.signal(signal.SIGALRM, too_long)
    signal.alarm(pace.PLAN["limit_seconds"])
    began = time.monotonic()
    figures = measure(options.parts)
    print("\nTook %.0f s. Times vary with what else runs here; instructions and system calls do not." %
          (time.monotonic() - began))
    write(figures, options)


if __name__ == "__main__":
    main()
