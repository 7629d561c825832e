# SPDX-License-Identifier: MIT
"""What a test can change while the stand-in runs (POST /_control). A misspelt setting is refused, never ignored."""

import copy
import threading

import faults

SHORT_TOKEN_SECONDS = 3600


def _one_of(*words):
    return (lambda value: value in words), "one of " + ", ".join(words)


def _is_count(value):
    return isinstance(value, int) and not isinstance(value, bool)


def _is_raw(value):
    return value is None or isinstance(value, str) or (
        isinstance(value, dict) and ("body" in value) != ("base64" in value)
        and set(value) <= {"body", "base64", "status", "content_type"}
        and all(isinstance(value.get(key, ""), str) for key in ("body", "base64", "content_type"))
        and _is_count(value.get("status", 200)))


def _are_answers(value):
    return isinstance(value, dict) and all(
        isinstance(answer, dict) and set(answer) <= {"json", "body", "status", "fault"}
        and isinstance(answer.get("body", ""), str) and _is_count(answer.get("status", 200))
        and faults.is_fault(answer.get("fault", "none")) for answer in value.values())


OBJECT = (lambda value: isinstance(value, dict)), "an object"
FLAG = (lambda value: isinstance(value, bool)), "true or false"
COUNT = _is_count, "an integer"
RAW = _is_raw, 'null, a text, or {"body" or "base64": text, "status": 200, "content_type": text}'
FAULT = faults.is_fault, 'a fault name, or {"fault": name, "times": n, "seconds": n, "as": type}; names: ' + \
    ", ".join(faults.NAMES)
TEXT = (lambda value: isinstance(value, str)), "a text"
TEXTS = ((lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value)),
         "a list of texts")

# name: (default, (test, what is expected))
TABLE = {
    "answers": ({}, (_are_answers, 'an object of "METHOD /path" to {"json" or "body", "status", "fault"}')),
    "token_shape": ("flat", _one_of("flat", "data")),
    "profile_shape": ("flat", _one_of("flat", "data", "legacy")),
    "token_ids": ("shape", _one_of("shape", "integer", "string")),
    "profile_ids": ("shape", _one_of("shape", "integer", "string")),
    "escape": ("ascii", _one_of("ascii", "utf8")),
    "person": ({}, OBJECT),
    "token": ({}, OBJECT),
    "raw_token": (None, RAW),
    "raw_profile": (None, RAW),
    "raw_long_lived": (None, RAW),
    "raw_refresh": (None, RAW),
    "refused_fields": ([], TEXTS),
    "refused_words": ("(#100) Tried accessing nonexisting field (%s) on node type (IGUser)", TEXT),
    "token_fault": ("none", FAULT),
    "profile_fault": ("none", FAULT),
    "long_lived_fault": ("none", FAULT),
    "refresh_fault": ("none", FAULT),
    "accept_basic": (False, FLAG),
    "client_key": ({}, OBJECT),
    "token_request": ({}, OBJECT),
    "refresh_tokens": ("off", _one_of("off", "keep", "rotate")),
    "token_seconds": (SHORT_TOKEN_SECONDS, COUNT),
    "clock_offset_seconds": (0, COUNT),
    "redirect_uris": ([], TEXTS),
}


class Settings:
    def __init__(self, redirect_uris):
        self._lock = threading.Lock()
        self._defaults = {name: default for name, (default, _) in TABLE.items()}
        self._defaults["redirect_uris"] = list(redirect_uris)
        self.reset()

    def reset(self):
        with self._lock:
            self._values = copy.deepcopy(self._defaults)

    def change(self, wanted):
        """Takes all of the object or nothing. Returns what is wrong with it, or None."""
        if not isinstance(wanted, dict):
            return "expected a JSON object of settings"
        for name, value in wanted.items():
            if name not in TABLE:
                return "unknown setting %r; known: %s" % (name, ", ".join(TABLE))
            fits, expected = TABLE[name][1]
            if not fits(value):
                return "setting %r: expected %s" % (name, expected)
        with self._lock:
            self._values.update(copy.deepcopy(wanted))
        return None

    def __getitem__(self, name):
        with self._lock:
            return copy.deepcopy(self._values[name])

    def all(self):
        with self._lock:
            return copy.deepcopy(self._values)

    def take_fault(self, name):
        """The fault for this request, counting down its "times"."""
        with self._lock:
            fault = self._values[name]
            if isinstance(fault, str):
                return {"fault": fault}
            taken = dict(fault)
            if "times" in fault:
                fault["times"] -= 1
                if fault["times"] <= 0:
                    self._values[name] = "none"
            return taken
