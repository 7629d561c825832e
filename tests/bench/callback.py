# SPDX-License-Identifier: MIT
"""The callback's own cost: the processor time that the kernel counted, of all its threads. What it waits for the
provider, for MongoDB or for the disk is not in it; wait.py has that."""

import os
from statistics import median

import account
import pace
import process
from command import Invocation

BUNDLE = "ca-certificates.crt"


class Callback:
    """Runs the callback as a bare process, each time with a new login."""

    def __init__(self, home):
        self.home = home
        self.sign_in = account.SignIn()
        query, cookie = self.sign_in.prepare()
        request = home.request("/auth/instagram/callback", query=query, headers={"Cookie": cookie})
        self.variables = home.environment(request, "callback")

    def invocation(self):
        query, cookie = self.sign_in.prepare()
        path = self.home.root + "/auth/instagram/callback?"
        environment = dict(self.variables, QUERY_STRING=query, HTTP_COOKIE=cookie, REQUEST_URI=path + query)
        return Invocation([self.home.program("callback")], environment)

    def spawn(self):
        return self.run(self.invocation())

    @staticmethod
    def run(invocation):
        cost, answer = process.spawn(invocation)
        if b"error=" in answer or b"Status: 302" not in answer:
            raise SystemExit("bench: the callback failed: %s" % answer.decode(errors="replace"))
        return cost


def use_config(run, path):
    """Apache hands the variable on under its own name, and once more for each redirect inside."""
    run.environment.update({name: path for name in run.environment if name.endswith("CGI_LOGIN_CONFIG")})


def bundle_opens(callback, config):
    """How often the whole CA bundle, and how often a file of the hashed folder, is opened. None without strace."""
    run = callback.invocation()
    if config:
        use_config(run, config)
    lines = process.trace(run, "-E", "LD_PRELOAD=" + account.workshop("dumpable.so"), "-e", "trace=open,openat")
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
    costs, base = [], []
    for _ in pace.rounds(pace.PLAN["callbacks"], pace.PLAN["callback_seconds"]):
        base.append(process.spawn(trivial.invocation)[0])
        costs.append(callback.spawn())
    own, base_ms = (median(cost.processor / 1000 for cost in runs) for runs in (costs, base))
    return {"program": "callback", "linked": callback.home.linked, "goal": None, "ms": own, "ratio": own / base_ms,
            "whole_ms": median((cost.ended - cost.started) / 1e6 for cost in costs),
            **process.costs(callback.invocation)}


def measure(trivial):
    callbacks = [Callback(home) for home in account.accounts()]
    return {"rows": [row(callback, trivial) for callback in callbacks],
            "inside": {"certificates": certificates(callbacks[0]), "hashed_folder": has_hashed_folder()}}
