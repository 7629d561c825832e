# SPDX-License-Identifier: MIT
"""How long a person waits at the callback while the provider, or the store, is far away.

Relays (../support/delay_relay.py) make the distance: one before the token endpoint and one before the long-lived token
and the profile, which Instagram has on another host, and one before MongoDB. The stand-in thinks for a while before
each answer. The wait is that of a browser beside the site, from sending its request to Apache to the whole answer."""

import contextlib
import json
import os
import sys
import time
from statistics import median
from typing import NamedTuple
from urllib.parse import urlsplit

import account
import command
import pace

THINKING_MS = 150
PROVIDER_ROUND_TRIPS_MS = (0, 30, 100)
STORE_ROUND_TRIP_MS = 1
START_SECONDS = 10
# The product's, and the same with its calls one after the other (one_by_one.c).
CALLBACK, ONE_BY_ONE = "callback", "one-by-one"
ENDPOINTS = ("token", "long_lived", "profile")

# What has to come one after the other, in round trips. To the provider: TCP, TLS 1.3; a call is one more. To MongoDB:
# TCP, TLS 1.3, the greeting, two of SCRAM, and what is asked before the code is spent; after the calls the user and
# the session, each by a command. What SQLite needs is no wait for anybody far away, and counts as nothing.
HANDSHAKE_TRIPS = 2
MONGODB_TRIPS_BEFORE, MONGODB_TRIPS_AFTER = 6, 2


class Place(NamedTuple):
    """Where provider and store are, in milliseconds of a round trip. `store_ms` is None for SQLite, on the disk."""
    provider_ms: float
    store_ms: float

    @property
    def store(self):
        return "SQLite" if self.store_ms is None else "MongoDB"

    def least_ms(self):
        """The code waits for both connections, the other two calls only for the token, the store for the account."""
        before, after = (0, 0) if self.store_ms is None else \
            (MONGODB_TRIPS_BEFORE * self.store_ms, MONGODB_TRIPS_AFTER * self.store_ms)
        call = self.provider_ms + THINKING_MS
        return max(HANDSHAKE_TRIPS * self.provider_ms, before) + 2 * call + after


def has_mongodb():
    return bool(os.environ.get("BENCH_MONGODB_PORT"))


def places():
    found = [Place(distance, None) for distance in PROVIDER_ROUND_TRIPS_MS]
    if has_mongodb():
        found += [Place(distance, STORE_ROUND_TRIP_MS) for distance in PROVIDER_ROUND_TRIPS_MS]
        found += [Place(distance, distance) for distance in PROVIDER_ROUND_TRIPS_MS if distance > STORE_ROUND_TRIP_MS]
    return found


class Relay:
    """The way to a server on this machine, made longer. It is counted in round trips what goes over it."""

    def __init__(self, stack, name, port, round_trip_ms):
        self.log = account.workshop("relay-%s.log" % name)
        with open(self.log, "wb"):
            account.give_to_owner(self.log)
        arguments = [sys.executable, "-B", account.workshop("delay_relay.py"), "--to", "127.0.0.1:%d" % port,
                     "--round-trip", str(round_trip_ms), "--log", self.log]
        process = stack.enter_context(command.started(arguments, dict(os.environ), stdout=command.subprocess.PIPE))
        self.port = int(command.first_line(process, START_SECONDS))

    def take(self):
        """What has gone over it since the last time: (milliseconds, connection, what, bytes)."""
        with open(self.log, "r+", encoding="ascii") as stream:
            lines = [line.split() for line in stream]
            stream.truncate(0)
        return [(float(at), int(connection), what, int(size)) for at, connection, what, size in lines]


def round_trips(events):
    """How often the client sent something after it had been answered, plus one for each connection."""
    trips, last = 0, {}
    for _, connection, what, _ in events:
        if what in ("open", "up", "down"):
            trips += what == "open" or (what == "up" and last.get(connection) != "up")
            last[connection] = what
    return trips


class Distance:
    """A site whose provider and store are as far away as `place` says, under a URL of its own."""

    def __init__(self, stack, home, place):
        self.place, provider = place, urlsplit(os.environ["STANDIN_URL"]).port
        self.token, self.graph = (Relay(stack, name, provider, place.provider_ms) for name in ("token", "graph"))
        self.database = None
        if place.store_ms is not None:
            self.database = Relay(stack, "store", int(os.environ["BENCH_MONGODB_PORT"]), place.store_ms)
        self.folder = home.root + "/far"
        self.config = home.write_config("config-far.json", self.change)
        os.makedirs(home.html + "/far", exist_ok=True)
        with open(home.html + "/far/.htaccess", "w", encoding="utf-8") as stream:
            stream.write('SetEnv CGI_LOGIN_CONFIG "%s"\nRewriteEngine On\n' % self.config)
            for program in (CALLBACK, ONE_BY_ONE):
                stream.write("RewriteRule ^%s$ %s/%s/instagram [END]\n" % (program, home.bin_url, program))

    def change(self, config):
        provider = config["providers"]["instagram"]
        graph = "https://localhost:%d" % self.graph.port
        provider["token_url"] = "https://localhost:%d/oauth/access_token" % self.token.port
        provider["long_lived"]["url"] = graph + "/access_token"
        provider["profile_url"] = graph + "/v26.0/me"
        if self.database is not None:
            config["store"] = os.environ["BENCH_MONGODB_URI"].replace("@PORT@", str(self.database.port))

    def forget(self):
        """What the relays have seen until now."""
        for relay in (self.token, self.graph, self.database):
            if relay is not None:
                relay.take()

    def store_trips(self):
        """Round trips to a store that is far away, since the last time."""
        return None if self.database is None else round_trips(self.database.take())

    def finish(self, browser, query, cookie, program=CALLBACK):
        """Milliseconds that a browser waits at the callback."""
        request = {"path": "%s/%s" % (self.folder, program), "headers": {"Cookie": cookie}}
        began = time.monotonic()
        _, headers, _ = account.ask(browser, request, query)
        taken = (time.monotonic() - began) * 1000
        if not headers.get("Location", "").endswith("/profile#"):
            raise SystemExit("bench: a callback failed: %s" % headers["Location"])
        return taken

    def sign_in(self, person, program=CALLBACK):
        return self.finish(person.site, *person.prepare(), program)


def think(milliseconds):
    fault = {"fault": "slow", "seconds": milliseconds / 1000} if milliseconds else "none"
    wish = {endpoint + "_fault": fault for endpoint in ENDPOINTS}
    account.ask_provider("/_control", json.dumps(wish), "application/json")


def measure_place(home, place):
    with contextlib.ExitStack() as stack:
        distance, person = Distance(stack, home, place), account.SignIn()
        distance.sign_in(person)  # the store is made, and the user is in it
        waits, plain, trips = [], [], []
        for _ in pace.rounds(pace.PLAN["waits"], pace.PLAN["wait_seconds"]):
            plain.append(distance.sign_in(person, ONE_BY_ONE))
            distance.forget()
            waits.append(distance.sign_in(person))
            trips.append(distance.store_trips())
    least = place.least_ms()
    return {"store": place.store, "provider_ms": place.provider_ms, "store_ms": place.store_ms, "linked": home.linked,
            "ms": median(waits), "fastest_ms": min(waits), "slowest_ms": max(waits), "least_ms": least,
            "ratio": median(waits) / least, "plain_ms": median(plain),
            "store_trips": None if place.store_ms is None else median(trips)}


def measure():
    think(THINKING_MS)
    try:
        return [measure_place(account.accounts()[0], place) for place in places()]
    finally:
        think(0)
