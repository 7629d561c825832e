# SPDX-License-Identifier: MIT
"""What a callback does when, in milliseconds after its start: seen from outside, by the relays that it talks through."""

import contextlib
from statistics import median

import account
import callback
import pace
import wait

FAR_MS = 100
PLACES = {"SQLite": wait.Place(FAR_MS, None), "MongoDB, near": wait.Place(FAR_MS, wait.STORE_ROUND_TRIP_MS),
          "MongoDB, as far away": wait.Place(FAR_MS, FAR_MS)}


def connections(events):
    """The events of each connection that was opened, in that order. An earlier one may still have been closing."""
    found = {}
    for at, connection, what, size in events:
        if what == "open" or connection in found:
            found.setdefault(connection, []).append((at, what, size))
    return list(found.values())


def ups_and_downs(events, half_ms):
    """When it was opened, when the program sent what it was last answered, and when that answer was there."""
    opened = events[0][0]
    down = max((at for at, what, _ in events if what == "down"), default=opened)
    up = max((at for at, what, _ in events if what == "up" and at < down), default=opened)
    return opened, up, down + half_ms


def provider_events(distance):
    half = distance.place.provider_ms / 2
    for name, relay in (("token", distance.token), ("second host", distance.graph)):
        opened = connections(relay.take())
        for number, events in enumerate(opened):
            title = name if len(opened) == 1 else "%s, connection %d" % (name, number + 1)
            for what, at in zip(("connects", "sends", "has the answer"), ups_and_downs(events, half)):
                yield "%s: %s" % (title, what), at


def store_events(distance, sent, answered):
    """The commands before the code is spent, those while the provider is waited for, and those after."""
    if distance.database is None:
        return
    half = distance.place.store_ms / 2
    for events in connections(distance.database.take()):
        asked = [at for at, what, _ in events if what == "up"]
        answers = [at + half for at, what, _ in events if what == "down"]
        yield "store: connects", events[0][0]
        for name, times in (("has claimed the login", [at for at in answers if at <= sent][-1:]),
                            ("tidies up", [at for at in asked if sent < at < answered][:1]),
                            ("is asked to sign in", [at for at in asked if at >= answered][:1]),
                            ("has signed in", answers[-1:])):
            for at in times:
                yield "store: " + name, at


def observe(distance, program):
    run = program.invocation()
    callback.use_config(run, distance.config)
    distance.forget()
    cost = program.run(run)
    found = dict(provider_events(distance))
    answered = max(at for name, at in found.items() if name.endswith("has the answer"))
    found.update(store_events(distance, found["token: sends"], answered))
    found = {name: at - cost.started / 1e6 for name, at in found.items()}
    return {**found, "the program has ended": (cost.ended - cost.started) / 1e6}


def measure_place(home, title, place):
    with contextlib.ExitStack() as stack:
        distance, program = wait.Distance(stack, home, place), callback.Callback(home)
        distance.sign_in(program.sign_in)
        distance.forget()
        runs = [observe(distance, program) for _ in pace.rounds(pace.PLAN["waits"], pace.PLAN["wait_seconds"])]
    names = sorted(runs[0], key=runs[0].get)
    return {"title": title, "events": {name: median(run[name] for run in runs if name in run) for name in names}}


def measure():
    wait.think(wait.THINKING_MS)
    try:
        return [measure_place(account.accounts()[0], title, place) for title, place in PLACES.items()
                if place.store_ms is None or wait.has_mongodb()]
    finally:
        wait.think(0)
