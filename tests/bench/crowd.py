# SPDX-License-Identifier: MIT
"""Logins that come at once: what they wait for each other in the store. The provider is near and does not think."""

import contextlib
import os
import threading
import time
from statistics import median

import account
import callback
import pace
import process
import wait

CROWDS = (1, 4, 16)
PLACES = (wait.Place(0, None), wait.Place(0, 0))


def at_once(distance, people):
    """One callback of each, all together: how long each waits, and how long it takes until all are through."""
    prepared = [person.prepare() for person in people]
    taken, ready = [], threading.Barrier(len(people) + 1)

    def client(person, query, cookie):
        browser = account.connect(os.environ["SITE_URL"])
        browser.connect()
        ready.wait()
        taken.append(distance.finish(browser, query, cookie))
        browser.close()

    threads = [threading.Thread(target=client, args=(person, *login)) for person, login in zip(people, prepared)]
    for thread in threads:
        thread.start()
    ready.wait()
    began = time.monotonic()
    for thread in threads:
        thread.join()
    if len(taken) < len(people):
        raise SystemExit("bench: of %d logins at once only %d came through" % (len(people), len(taken)))
    return taken, (time.monotonic() - began) * 1000


def flushes(home, distance):
    """How often a callback waits for the disk. None without strace."""
    run = callback.Callback(home).invocation()
    callback.use_config(run, distance.config)
    lines = process.trace(run, "-e", "trace=fsync,fdatasync")
    return None if lines is None else len(lines)


def measure_place(home, place):
    rows = []
    with contextlib.ExitStack() as stack:
        distance = wait.Distance(stack, home, place)
        for person in account.PEOPLE:
            distance.sign_in(account.SignIn(person))
        synced = flushes(home, distance)
        for crowd in CROWDS:
            # Anew, since Apache closes connections that are idle.
            people = [account.SignIn(account.PEOPLE[number % len(account.PEOPLE)]) for number in range(crowd)]
            waits, whole = [], []
            for _ in pace.rounds(pace.PLAN["crowds"], pace.PLAN["wait_seconds"]):
                taken, until = at_once(distance, people)
                waits += taken
                whole.append(until)
            rows.append({"store": place.store, "crowd": crowd, "ms": median(waits), "slowest_ms": max(waits),
                         "per_second": 1000 * crowd / median(whole), "flushes": synced})
    return rows


def measure():
    home = account.accounts()[0]
    return [row for place in PLACES if place.store_ms is None or wait.has_mongodb()
            for row in measure_place(home, place)]
