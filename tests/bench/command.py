# SPDX-License-Identifier: MIT
"""Running a program from here: with a time limit, and so that nothing of it outlives this script."""

import contextlib
import os
import select
import shlex
import signal
import subprocess
from dataclasses import dataclass

import account

SECONDS = 60


@dataclass(frozen=True)
class Invocation:
    """A program with its arguments, its environment and, for a POST, the file that it reads."""
    arguments: list
    environment: dict
    stdin: str = os.devnull


@contextlib.contextmanager
def started(command, environment, **options):
    """A process of the account's owner, in a group of its own that is killed in the end."""
    process = subprocess.Popen(command, env=environment, process_group=0, **account.as_owner(), **options)
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def run(command, environment, *, stdin=os.devnull, stdout=subprocess.PIPE, seconds=SECONDS):
    """Its standard output and error as bytes. A failure, or a program that hangs, ends the benchmark."""
    with open(stdin, "rb") as source, started(command, environment, stdin=source, stdout=stdout,
                                              stderr=subprocess.PIPE) as process:
        try:
            output, errors = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise SystemExit("bench: %s did not end within %d s" % (shlex.join(command), seconds)) from None
        if process.returncode != 0:
            raise SystemExit("bench: %s failed: %s" % (shlex.join(command), errors.decode(errors="replace")))
        return output, errors


def first_line(process, seconds):
    """What a process prints first, such as its port."""
    if not select.select([process.stdout], [], [], seconds)[0]:
        raise SystemExit("bench: %s says nothing" % shlex.join(process.args))
    return process.stdout.readline().decode().strip()
