# SPDX-License-Identifier: MIT
"""The callback's own cost, without the provider's time, and what it is made of.

The callback waits for the provider in poll() and nowhere else, because libcurl's sockets do not block. So its own time
is that from start to end without what it spent in poll(). Two ways to see that:

- strace, which stops the program at poll() alone (a seccomp filter lets all other calls pass at full speed). It works
  for every program, so the figures of each way of linking come from it: the time of runs without strace, less what
  other runs with it have waited.
- observe.c, loaded before the program: for dynamic programs only, but within one run, and with the parts.

The processor time that the kernel counted is printed beside them, as a check."""

import os
import re
from statistics import median

import account
import pace
import process
from command import Invocation

BUNDLE = "ca-certificates.crt"
CALL_PARTS = (("name lookup", "name_found"), ("connecting", "connected"), ("TLS handshake, certificates", "tls_ready"),
              ("request and answer", None))
# "?": not every processor's kernel has each of them.
WAITS = "trace=" + ",".join("?" + call for call in ("poll", "ppoll", "select", "pselect6", "epoll_wait", "epoll_pwait"))
WAITED = re.compile(r"<(\d+\.\d+)>$")


class Callback:
    """Runs the callback as a bare process, each time with a new login."""

    def __init__(self, home):
        self.home = home
        self.sign_in = account.SignIn()
        query, cookie = self.sign_in.prepare()
        request = home.request("/auth/instagram/callback", query=query, headers={"Cookie": cookie})
        self.variables = home.environment(request, "callback")

    def invocation(self, **more):
        query, cookie = self.sign_in.prepare()
        path = self.home.root + "/auth/instagram/callback?"
        environment = dict(self.variables, QUERY_STRING=query, HTTP_COOKIE=cookie, REQUEST_URI=path + query, **more)
        return Invocation([self.home.program("callback")], environment)

    def spawn(self, **more):
        cost, answer = process.spawn(self.invocation(**more))
        if b"error=" in answer or b"Status: 302" not in answer:
            raise SystemExit("bench: the callback failed: %s" % answer.decode(errors="replace"))
        return cost

    def waited(self):
        """Milliseconds that one run waits for the provider. None without strace."""
        lines = process.trace(self.invocation(), "--seccomp-bpf", "-T", "-e", WAITS)
        if lines is None:
            return None
        return sum(float(match.group(1)) for match in map(WAITED.search, lines) if match) * 1000

    def observe(self):
        log = account.workshop("events.txt")
        cost = self.spawn(BENCH_PRELOAD=account.workshop("observe.so"), BENCH_OBSERVE=log)
        with open(log, encoding="ascii") as stream:
            events = [(name, int(begin), int(end)) for name, begin, end in (line.split() for line in stream)]
        return Timeline(cost.started, cost.ended, events)


class Timeline:
    """One run, cut into parts: (name, microseconds of its own, microseconds of waiting for the provider)."""

    def __init__(self, started, ended, events):
        self.started, self.ended, self.events = started, ended, events

    def named(self, name):
        return [(begin, end) for own, begin, end in self.events if own == name]

    def within(self, name, begin, end):
        return sum(max(0, min(e, end) - max(b, begin)) for b, e in self.named(name)) / 1000

    def part(self, name, begin, end):
        waited = self.within("wait", begin, end)
        return name, (end - begin) / 1000 - waited, waited

    def call_parts(self):
        """The calls to the provider, and what lies between them."""
        marks = {event: self.named(event) for _, event in CALL_PARTS if event}
        previous = None
        for index, (begin, end) in enumerate(self.named("call")):
            if previous is not None:
                yield self.part("between the calls", previous, begin)
            at = begin
            for name, event in CALL_PARTS:
                reached = marks[event][index][1] if event else end
                if reached > at:
                    yield self.part("call %d: %s" % (index + 1, name), at, reached)
                    at = reached
            previous = end

    def parts(self):
        (main_begin, main_end), = self.named("main")
        (init_begin, init_end), = self.named("curl_init")
        calls = self.named("call")
        store = min([begin for begin, _ in self.named("store")] + [init_begin])
        yield self.part("process start, dynamic loading", self.started, main_begin)
        yield self.part("config, provider, pending login", main_begin, store)
        yield self.part("store: is this login unused", store, init_begin)
        yield self.part("libcurl starts", init_begin, init_end)
        yield self.part("preparing the first call", init_end, calls[0][0])
        yield from self.call_parts()
        # Sealing the token takes microseconds beside the rest.
        called = calls[-1][1]
        flushed = self.within("fsync", called, main_end)
        name, own, waited = self.part("store: signs in, without fsync; answer", called, main_end)
        yield name, own - flushed, waited
        yield "store: fsync, %d times" % len(self.named("fsync")), flushed, 0
        yield self.part("exit", main_end, self.ended)


def breakdown(timelines):
    """The median of each part over the runs, in milliseconds."""
    collected = {}
    for timeline in timelines:
        sums = {}
        for name, own, waited in timeline.parts():
            before = sums.get(name, (0, 0))
            sums[name] = (before[0] + own, before[1] + waited)
        for name, values in sums.items():
            collected.setdefault(name, []).append(values)
    return [{"part": name, "own_ms": median(own for own, _ in values) / 1000,
             "waited_ms": median(waited for _, waited in values) / 1000} for name, values in collected.items()]


def use_config(run, path):
    """Apache hands the variable on under its own name, and once more for each redirect inside."""
    run.environment.update({name: path for name in run.environment if name.endswith("CGI_LOGIN_CONFIG")})


def bundle_opens(callback, config):
    """How often the whole CA bundle, and how often a file of the hashed folder, is opened. None without strace."""
    run = callback.invocation(BENCH_OBSERVE="/dev/null")
    if config:
        use_config(run, config)
    lines = process.trace(run, "-E", "LD_PRELOAD=" + account.workshop("observe.so"), "-e", "trace=open,openat")
    if lines is None:
        return None
    return {"bundle": sum(BUNDLE in line for line in lines),
            "folder": sum("/etc/ssl/certs" in line and BUNDLE not in line for line in lines)}


def has_hashed_folder():
    folder = "/etc/ssl/certs"
    return os.path.isdir(folder) and any(name.endswith(".0") for name in os.listdir(folder))


def certificates(callback):
    """With the provider's ca_file, as the stand-in needs; and without, as for Instagram itself: that call fails, since
    the stand-in's certificate is its own, but only after what is trusted was looked up."""
    bare = callback.home.write_config("config-public.json",
                                      lambda value: value["providers"]["instagram"].pop("ca_file"))
    return {"with_ca_file": bundle_opens(callback, None), "without_ca_file": bundle_opens(callback, bare)}


def row(callback, trivial):
    """The costs of one account's callback."""
    costs, base, waited = [], [], []
    for _ in pace.rounds(pace.PLAN["callbacks"], pace.PLAN["callback_seconds"]):
        base.append(process.spawn(trivial.invocation)[0])
        costs.append(callback.spawn())
        waited.append(callback.waited())
    whole, base_ms = (median((cost.ended - cost.started) / 1e6 for cost in runs) for runs in (costs, base))
    waited_ms = median(waited) if waited[0] is not None else None
    own = whole - waited_ms if waited_ms is not None else None
    return {"program": "callback", "linked": callback.home.linked, "goal": None, "ms": own,
            "ratio": own / base_ms if own is not None else None, "whole_ms": whole, "waited_ms": waited_ms,
            "processor_ms": median(cost.processor / 1000 for cost in costs), **process.costs(callback.invocation)}


def parts(callback):
    """What a dynamic callback is made of."""
    timelines = [callback.observe() for _ in pace.rounds(pace.PLAN["callbacks"], pace.PLAN["callback_seconds"])]
    waited = [timeline.within("wait", timeline.started, timeline.ended) / 1000 for timeline in timelines]
    own = [(line.ended - line.started) / 1e6 - wait for line, wait in zip(timelines, waited)]
    return {"own_ms": median(own), "waited_ms": median(waited), "parts": breakdown(timelines),
            "certificates": certificates(callback), "hashed_folder": has_hashed_folder()}


def measure(trivial):
    callbacks = [Callback(home) for home in account.accounts()]
    return {"rows": [row(callback, trivial) for callback in callbacks], "inside": parts(callbacks[0])}
