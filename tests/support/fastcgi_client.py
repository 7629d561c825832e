# SPDX-License-Identifier: MIT
"""Starts a program as FastCGI on a socket of its own and sends it requests over one connection.

    fastcgi_client.py COUNT NAME=VALUE... PROGRAM [ARGUMENT...]

The variables are those of each request, but for BODY, which is its body; END_LATE, the seconds by which the end of the
body comes after the rest; and OWN_NAME, which is the variable NAME of the process itself. Prints one JSON object: the
statuses seen with their counts, the first answer's headers and body, requests a second, and the program's memory in
kilobytes after a tenth of the requests and at the end.
"""

import collections
import itertools
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
import time

BEGIN, END, PARAMS, STDIN, STDOUT, STDERR = 1, 3, 4, 5, 6, 7
KEEP_CONNECTION = 1


def record(kind, content):
    return struct.pack(">BBHHBx", 1, kind, 1, len(content), 0) + content


def pair(name, value):
    name, value = name.encode(), value.encode()
    lengths = b"".join(struct.pack(">B", len(text)) if len(text) < 128 else struct.pack(">I", len(text) | 1 << 31)
                       for text in (name, value))
    return lengths + name + value


def request(variables, body):
    parameters = b"".join(pair(name, value) for name, value in variables.items())
    stream = record(BEGIN, struct.pack(">HB5x", 1, KEEP_CONNECTION)) + record(PARAMS, parameters) + record(PARAMS, b"")
    return stream + (record(STDIN, body) if body else b"") + record(STDIN, b"")


class Connection:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(20)
        self.socket.connect(path)
        self.file = self.socket.makefile("rb")

    def send(self, stream, end_late):
        if end_late:
            end = len(record(STDIN, b""))
            self.socket.sendall(stream[:-end])
            time.sleep(end_late)
            stream = stream[-end:]
        self.socket.sendall(stream)

    def ask(self, stream, end_late):
        """The answer's bytes, and what went to the error log."""
        self.send(stream, end_late)
        output, log = b"", b""
        while True:
            _, kind, _, length, padding = struct.unpack(">BBHHBx", self.file.read(8))
            content = self.file.read(length)
            self.file.read(padding)
            if kind == STDOUT:
                output += content
            elif kind == STDERR:
                log += content
            elif kind == END:
                return output, log


def memory(pid):
    with open("/proc/%d/status" % pid, encoding="ascii") as status:
        return int(next(line for line in status if line.startswith("VmRSS")).split()[1])


def take_own(variables):
    """The process's environment, out of the request's."""
    names = [name for name in variables if name.startswith("OWN_")]
    return {"PATH": "/usr/bin:/bin", **{name[len("OWN_"):]: variables.pop(name) for name in names}}


def run(program, count, variables, body, folder):
    path = os.path.join(folder, "socket")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(8)
    process = subprocess.Popen(program, stdin=listener, env=take_own(variables))
    try:
        end_late = float(variables.pop("END_LATE", 0))
        connection, stream = Connection(path), request(variables, body)
        statuses, first, early = collections.Counter(), None, 0
        started = time.monotonic()
        for index in range(count):
            output, log = connection.ask(stream, end_late)
            first = first or {"output": output.decode(), "log": log.decode()}
            statuses[output.split(b"\r\n", 1)[0].decode()] += 1
            if index == count // 10:
                early = memory(process.pid)
        seconds = time.monotonic() - started
        late = memory(process.pid)
    finally:
        process.terminate()
        process.wait(20)
    return {"statuses": statuses, "first": first, "per_second": round(count / seconds), "early_kb": early,
            "late_kb": late, "exit": process.returncode}


def main():
    count, words = int(sys.argv[1]), sys.argv[2:]
    pairs = list(itertools.takewhile(lambda word: "=" in word, words))
    variables, program = dict(word.split("=", 1) for word in pairs), words[len(pairs):]
    body = variables.pop("BODY", "").encode()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(run(program, count, variables, body, folder)))


main()
