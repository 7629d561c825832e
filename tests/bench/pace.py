# SPDX-License-Identifier: MIT
"""How much is measured. A busy machine gets fewer rounds rather than a longer wait."""

import os
import time

WHOLE = {"process_rounds": 15, "process_runs": 20, "process_seconds": 60, "peaks": 5,
         "requests": 120, "request_seconds": 25, "crowd_rounds": 5, "crowd_requests": 25, "crowd_seconds": 15,
         "callbacks": 25, "callback_seconds": 20}
QUICK = {"process_rounds": 3, "process_runs": 10, "process_seconds": 6, "peaks": 3,
         "requests": 20, "request_seconds": 4, "crowd_rounds": 2, "crowd_requests": 10, "crowd_seconds": 2,
         "callbacks": 6, "callback_seconds": 3}
PLAN = QUICK if os.environ.get("BENCH_QUICK") == "1" else WHOLE
LEAST_ROUNDS = 2


def rounds(count, seconds):
    """Counts from 0, up to a number of rounds or, after the first few, a time."""
    began = time.monotonic()
    for index in range(count):
        if index >= LEAST_ROUNDS and time.monotonic() - began > seconds:
            return
        yield index
