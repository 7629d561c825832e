#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs a program of the product again and again, and makes another of its allocations fail each time.

    memory.py --library memory.so --folder DIR --config CONFIG [--body TEXT] [--also REGEX] [--empty] [--jobs N]
              [--step N] [--warned REGEX] [--failed N] NAME (cgi|whoami PROGRAM VARIABLE=VALUE... | command PROGRAM ARGUMENT...)

For the Nth allocation, from the first to the last (--step: each Nth of them), the program has to give the whole right answer (the one it gives
when nothing fails, random text and times aside), or to say that it has failed:

- a CGI program: 500, or 502 or 503 where a library takes it for an outage, as a whole page or JSON, with no word about
  the session's cookie and a line in the log; or what --also allows, a pattern of the header block and the log;
  or the right answer with something else in the store, where what --warned says is in the log;
- whoami: the exit status 2 with a complaint, and no output;
- a command: the exit status 1 (or --failed) and a complaint. Its right answer has the exit status of the run in which nothing fails.

It must never crash or hang. --empty: the later allocations fail as well; then a program that cannot even say so may
give no answer at all, with an exit status that is not 0.

Each run has a config and a store of its own, as they were: what is stored after a right answer has to be the same too.
"""

import argparse
import json
import os
import re
import shutil
import sqlite3
import struct
import subprocess
import sys
import threading
import time

SHOWN_AT_MOST = 5
# A program that allocates no more than this, such as standard output's buffer, may need none of it.
ALWAYS_HARMLESS = 3
SECONDS_AT_MOST = 20


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--library", required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--config", required=True)
    parser.add_argument("--body", default="")
    parser.add_argument("--also")
    parser.add_argument("--failed", type=int, default=1)
    parser.add_argument("--warned")
    parser.add_argument("--empty", action="store_true")
    parser.add_argument("--nothing-kept", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--step", type=int, default=1)
    parser.add_argument("name")
    parser.add_argument("kind", choices=("cgi", "whoami", "command"))
    parser.add_argument("program")
    parser.add_argument("words", nargs=argparse.REMAINDER)
    return parser.parse_args()


def without_chance(text):
    """The text without what differs from one run to the next: seals, states, codes, ends of cookies, times."""
    text = re.sub(rb"[A-Za-z0-9+/_-]{43,}", lambda found: b"<%d>" % len(found.group()), text)
    text = re.sub(rb"Max-Age=[1-9][0-9]{3,}", b"Max-Age=<later>", text)
    text = re.sub(rb'"checked":[0-9]+', b'"checked":<time>', text)
    text = re.sub(rb"__Host-cgi_login_pending_[A-Za-z0-9_-]{8}", b"__Host-cgi_login_pending_<8>", text)
    return re.sub(rb"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z", b"<time>", text)


class Run:
    """One run's outcome."""

    def __init__(self, status, output, errors, stored, count):
        self.status, self.output, self.errors, self.stored, self.count = status, output, errors, stored, count

    def says_as(self, right):
        return self.status == right.status and without_chance(self.output) == without_chance(right.output)

    def same_as(self, right):
        return self.says_as(right) and self.stored == right.stored


class Worker:
    """A folder with a config and a store of its own."""

    def __init__(self, arguments, number):
        self.arguments = arguments
        self.folder = os.path.join(arguments.folder, str(number))
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder, 0o755)
        product = os.path.dirname(os.path.realpath(arguments.config))
        for name in os.listdir(product):
            if name in ("templates", "languages", "providers", "lib", "ca"):
                os.symlink(os.path.join(product, name), os.path.join(self.folder, name))
            if name == "issuers" and not arguments.nothing_kept:
                shutil.copytree(os.path.join(product, name), os.path.join(self.folder, name))
        if arguments.nothing_kept:
            os.mkdir(os.path.join(self.folder, "issuers"), 0o555)
        with open(arguments.config, encoding="utf-8") as file:
            config = json.load(file)
        self.pristine = config["store"].removeprefix("sqlite://")
        self.store = os.path.join(self.folder, "users.db")
        config["store"] = "sqlite://" + self.store
        self.config = os.path.join(self.folder, "config.json")
        with open(os.open(self.config, os.O_CREAT | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
            json.dump(config, file)
        self.counter = os.path.join(self.folder, "count")

    def environment(self, fails):
        arguments = self.arguments
        environment = {"PATH": "/usr/bin:/bin", "CGI_LOGIN_CONFIG": self.config, "LD_PRELOAD": arguments.library,
                       "MEMORY_COUNT": self.counter, "MEMORY_FAILS": str(fails),
                       "ASAN_OPTIONS": "verify_asan_link_order=0:allocator_may_return_null=1:detect_leaks=0"}
        if arguments.empty:
            environment["MEMORY_EMPTY"] = "1"
        if arguments.kind != "command":
            environment.update(word.split("=", 1) for word in arguments.words)
        return environment

    def run(self, fails):
        arguments = self.arguments
        for name in os.listdir(self.folder):
            if name.startswith(("users.db", "outage-")):
                os.unlink(os.path.join(self.folder, name))
        if os.path.exists(self.pristine):
            shutil.copy(self.pristine, self.store)
            os.chmod(self.store, 0o600)
        with open(self.counter, "wb") as file:
            file.write(bytes(8))
        command = [arguments.program] + (arguments.words if arguments.kind == "command" else [])
        try:
            done = subprocess.run(command, input=arguments.body.encode(), env=self.environment(fails),
                                  capture_output=True, timeout=SECONDS_AT_MOST, check=False)
        except subprocess.TimeoutExpired:
            return Run("hangs", b"", b"", None, 0)
        with open(self.counter, "rb") as file:
            count = struct.unpack("=Q", file.read(8))[0]
        output, errors = (text.replace(self.folder.encode(), b"<folder>") for text in (done.stdout, done.stderr))
        return Run(done.returncode, output, errors, self.stored(), count)

    def stored(self):
        """Who and how much is stored."""
        if not os.path.exists(self.store):
            return None
        database = sqlite3.connect(self.store)
        try:
            return [database.execute(statement).fetchall()
                    for statement in ("SELECT user, provider, id FROM accounts JOIN users USING (user) ORDER BY 1, 2", "SELECT count(*) FROM sessions",
                                      "SELECT count(*) FROM requests")]
        except sqlite3.Error:
            return None
        finally:
            database.close()


def answer_fault(arguments, run):
    """What is wrong with a CGI program's answer that is not the right one; None if it is a whole one of a failure."""
    if arguments.empty and run.status == 1 and not run.output:
        return None
    if run.status != 0:
        return "the exit status is %s" % run.status
    head, separator, body = run.output.partition(b"\r\n\r\n")
    if not separator:
        return "there is no whole header block"
    if re.search(rb"^Set-Cookie: __Host-cgi_login_session=", head, re.M):
        return "the session's cookie is touched"
    if not arguments.empty and not run.errors.strip():
        return "the log says nothing"
    if arguments.also and re.search(arguments.also.encode(), head + b"\n" + run.errors, re.S):
        return None
    if not re.match(rb"Status: (500|502|503) ", head):
        return "it is neither the right answer nor a failure"
    length = re.search(rb"^Content-Length: ([0-9]+)\r?$", head, re.M)
    if not length or int(length.group(1)) != len(body):
        return "the answer is not whole"
    return None


def command_fault(arguments, run):
    if run.status != arguments.failed:
        return "the exit status is %s" % run.status
    said = run.errors.replace(b"cgi-login: ", b"").strip()
    return None if run.output.strip() or said else "it fails without a word"


def whoami_fault(run):
    if run.status != 2:
        return "the exit status is %s" % run.status
    if run.output:
        return "it prints something"
    return None if run.errors.strip() else "it fails without a word"


def fault(arguments, run, right):
    if run.status == "hangs":
        return "it hangs"
    if run.same_as(right):
        return None
    if arguments.warned and run.says_as(right) and re.search(arguments.warned.encode(), run.errors):
        return None
    if arguments.kind == "whoami":
        return whoami_fault(run)
    return answer_fault(arguments, run) if arguments.kind == "cgi" else command_fault(arguments, run)


class Trial:
    """All runs: the numbers are handed out to the workers, until one is larger than what a run allocates."""

    def __init__(self, arguments):
        self.arguments = arguments
        self.workers = [Worker(arguments, number) for number in range(arguments.jobs)]
        # Twice: what the first one finds in no cache it may allocate for.
        self.right = [self.workers[0].run(0) for _ in range(2)][1]
        self.lock = threading.Lock()
        self.started = time.monotonic()
        self.next, self.last, self.faults, self.failures = 1, False, [], 0

    def take(self):
        with self.lock:
            number = self.next
            self.next += self.arguments.step
            return None if self.last or len(self.faults) > SHOWN_AT_MOST else number

    def work(self, worker):
        while (number := self.take()) is not None:
            run = worker.run(number)
            problem = fault(self.arguments, run, self.right)
            with self.lock:
                self.last = self.last or (run.status != "hangs" and run.count < number)
                self.failures += not run.same_as(self.right)
                if problem:
                    self.faults.append((number, problem, run))

    def judge(self):
        right = self.right
        # A local redirect begins with where it leads (RFC 3875, section 6.2.2).
        if right.status == "hangs" or (self.arguments.kind == "cgi" and not re.match(rb"(Status|Location): ", right.output)):
            print("%s: the run in which nothing fails gives no answer: %r" % (self.arguments.name, right.errors))
            return False
        threads = [threading.Thread(target=self.work, args=(worker,)) for worker in self.workers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print("%s: %d allocations, %d made it fail, %.0f s" %
              (self.arguments.name, right.count, self.failures, time.monotonic() - self.started))
        if not self.failures and right.count > ALWAYS_HARMLESS:
            print("%s: no allocation that failed made a difference: is the library preloaded?" % self.arguments.name)
            return False
        for number, problem, run in sorted(self.faults, key=lambda found: found[0]):
            print("%s, allocation %d: %s\n%s\n%s" % (self.arguments.name, number, problem,
                                                   run.output.decode(errors="replace"),
                                                   run.errors.decode(errors="replace")))
        return not self.faults


if __name__ == "__main__":
    sys.exit(0 if Trial(options()).judge() else 1)
