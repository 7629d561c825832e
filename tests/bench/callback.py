# SPDX-License-Identifier: MIT
"""The callback's own cost, without the provider's time, and what it is made of.

The callback waits for the provider in poll() and nowhere else, because libcurl's sockets do not block. So its own time
is that from start to end without what it spent in poll(), which observe.c measures. The processor time that the kernel
counted for the process is printed beside it, as a check."""

import os
from statistics import median

import account
import pace
import process

BUNDLE = "ca-certificates.crt"
CALL_PARTS = (("name lookup", "name_found"), ("connecting", "connected"), ("TLS handshake, certificates", "tls_ready"),
              ("request and answer", None))


class Callback:
    """Runs the callback as a bare process, each time with a new login."""

    def __init__(self):
        self.sign_in = account.SignIn()
        self.file = account.program_path("callback")
        query, cookie = self.sign_in.prepare()
        self.variables = account.environment_of({"path": "/auth/instagram/callback", "query": query,
                                                 "headers": {"Cookie": cookie}}, "callback")

    def environment(self, **more):
        query, cookie = self.sign_in.prepare()
        return dict(self.variables, QUERY_STRING=query, HTTP_COOKIE=cookie,
                    REQUEST_URI="/auth/instagram/callback?" + query, **more)

    def spawn(self, **more):
        numbers, answer = process.spawn(self.file, self.environment(**more))
        if b"error=" in answer or b"Status: 302" not in answer:
            raise SystemExit("bench: the callback failed: %s" % answer.decode(errors="replace"))
        return numbers

    def observe(self):
        log = account.workshop("events.txt")
        started, ended, _, _ = self.spawn(BENCH_PRELOAD=account.workshop("observe.so"), BENCH_OBSERVE=log)
        with open(log, encoding="ascii") as stream:
            events = [(name, int(begin), int(end)) for name, begin, end in (line.split() for line in stream)]
        return Timeline(started, ended, events)


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


def bundle_opens(callback, config):
    """How often the whole CA bundle, and how often a file of the hashed folder, is opened. None without strace."""
    environment = callback.environment(BENCH_OBSERVE="/dev/null")
    if config:
        environment.update({name: config for name in environment if name.endswith("CGI_LOGIN_CONFIG")})
    lines = process.trace(callback.file, environment, "-E", "LD_PRELOAD=" + account.workshop("observe.so"),
                          "-e", "trace=open,openat")
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
    bare = account.write_config("config-public.json", lambda value: value["providers"]["instagram"].pop("ca_file"))
    return {"with_ca_file": bundle_opens(callback, None), "without_ca_file": bundle_opens(callback, bare)}


def measure(trivial):
    callback = Callback()
    timelines, processor, base, kib = [], [], [], []
    for _ in pace.rounds(pace.PLAN["callbacks"], pace.PLAN["callback_seconds"]):
        timelines.append(callback.observe())
        _, _, microseconds, peak = callback.spawn()
        processor.append(microseconds / 1000)
        kib.append(peak)
        started, ended, _, _ = process.spawn(trivial.file, trivial.environment)[0]
        base.append((ended - started) / 1e6)
    waited = [timeline.within("wait", timeline.started, timeline.ended) / 1000 for timeline in timelines]
    own = [(t.ended - t.started) / 1e6 - wait for t, wait in zip(timelines, waited)]
    return {"own_ms": median(own), "waited_ms": median(waited), "processor_ms": median(processor),
              "trivial_ms": median(base), "ratio": median(own) / median(base), "kib": median(kib),
              "parts": breakdown(timelines), "calls": process.system_calls(callback.file, callback.environment()),
              "instructions": process.instructions(callback.file, callback.environment()),
              "certificates": certificates(callback), "hashed_folder": has_hashed_folder()}

