# SPDX-License-Identifier: MIT
"""Programs under Apache. The requests come from here, not from ab or curl: only so can each program take its
turn within one connection, so that the machine's drift meets all of them alike. The client's own time is part of both
sides of a ratio.

mod_cgid looks after each answer whether the program has ended, and if it looks too early, sleeps 10 ms before it turns
to the connection again. That is no part of an answer's time, so requests one by one come after a pause, and those at
once each on a new connection."""

import gc
import os
import threading
import time
from statistics import median

import account
import pace
import process

CLIENTS = 4
WARM_UP = 3
PAUSE_SECONDS = 0.015


def timed(connection, case):
    start = time.perf_counter()
    status = account.ask(connection, case.request)[0]
    taken = (time.perf_counter() - start) * 1000
    if status not in (200, 302):
        raise SystemExit("bench: %s answers %d" % (case.label, status))
    return taken


def take_turns(group, rounds, before=lambda: None):
    """The median time of each case of the group, in milliseconds."""
    connection = account.connect(os.environ["SITE_URL"])
    taken = [[] for _ in group]
    for _ in pace.rounds(rounds + WARM_UP, pace.PLAN["request_seconds"]):
        for case, own in zip(group, taken):
            before()
            time.sleep(PAUSE_SECONDS)
            own.append(timed(connection, case))
    return [median(own[WARM_UP:] or own) for own in taken]


def one_after_another(every):
    """(time, time of the trivial program) of each case. Those that write to the store are on their own: Apache can be
    held up with its log while the disk takes their data."""
    plain = [case for case in every if not case.prepared]
    rounds = pace.PLAN["requests"]
    own = take_turns(plain, rounds)
    result = {case.key: (taken, own[0]) for case, taken in zip(plain, own)}
    for case in every:
        if case.prepared:
            base, taken = take_turns([every[0], case], rounds // 2, process.restore_session)
            result[case.key] = (taken, base)
    return result


def client(case, taken):
    for _ in range(pace.PLAN["crowd_requests"]):
        taken.append(timed(account.connect(os.environ["SITE_URL"]), case))


def at_once(case):
    taken = []
    clients = [threading.Thread(target=client, args=(case, taken)) for _ in range(CLIENTS)]
    for thread in clients:
        thread.start()
    for thread in clients:
        thread.join()
    return median(taken)


def all_at_once(every):
    """Ending a session is left out: four at once would end the same one."""
    taken = {case.key: [] for case in every if not case.prepared}
    for _ in pace.rounds(pace.PLAN["crowd_rounds"], pace.PLAN["crowd_seconds"]):
        for case in every:
            if not case.prepared:
                taken[case.key].append(at_once(case))
    return {key: median(values) for key, values in taken.items()}


def measure(every):
    """A row for each case that Apache serves."""
    gc.disable()
    served = [case for case in every if case.request]
    alone, crowd = one_after_another(served), all_at_once(served)
    base = crowd[served[0].key]
    rows = []
    for case in served:
        own, trivial = alone[case.key]
        at_once_ms = crowd.get(case.key)
        rows.append({"program": case.label, "linked": case.linked, "ms": own, "ratio": own / trivial,
                     "crowd_ms": at_once_ms, "crowd_ratio": at_once_ms / base if at_once_ms else None})
    return rows
