# SPDX-License-Identifier: MIT
"""How much is measured. A busy machine gets fewer rounds rather than a longer wait."""

import os
import time

WHOLE = {"process_rounds": 15, "process_runs": 20, "heavy_runs": 4, "process_seconds": 100, "repeats": 5,
         "requests": 120, "request_seconds": 35, "crowd_rounds": 5, "crowd_requests": 25, "crowd_seconds": 25,
         "callbacks": 25, "callback_seconds": 15, "waits": 9, "wait_seconds": 12, "crowds": 9,
         "load_seconds": 3, "load_accounts": 2, "limit_seconds": 900}
QUICK = {"process_rounds": 2, "process_runs": 10, "heavy_runs": 2, "process_seconds": 6, "repeats": 3,
         "requests": 10, "request_seconds": 4, "crowd_rounds": 1, "crowd_requests": 5, "crowd_seconds": 2,
         "callbacks": 4, "callback_seconds": 2, "waits": 2, "wait_seconds": 2, "crowds": 2,
         "load_seconds": 1, "load_accounts": 1, "limit_seconds": 240}
PLAN = QUICK if os.environ.get("BENCH_QUICK") == "1" else WHOLE
LEAST_ROUNDS = 2


def rounds(count, seconds):
    """Counts from 0, up to a number of rounds or, after the first few, a time."""
    began = time.monotonic()
    for index in range(count):
        if index >= LEAST_ROUNDS and time.monotonic() - began > seconds:
            return
        yield index
