#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Stands between the programs and a MongoDB server: logs each command, and answers those that the rules name itself.

The rules are a JSON file that is read anew for each command: {"insert sessions": {"ok": 0, "code": 13, ...}} answers
that command on that collection, "insert" on any. Instead of an answer: "drop" closes the connection before the server
sees the command, "lose" when the server has answered, "hold" keeps the command until the rules say otherwise, for half a
minute at most. A list has one for each such command in turn, the last for all that follow. Everything else passes as it is.
Needs the bson module for rules alone."""

import argparse
import json
import os
import signal
import socket
import socketserver
import struct
import time

OP_MSG = 2013
HOLD_SECONDS = 30


def read_exactly(sock, count):
    data = b""
    while len(data) < count:
        more = sock.recv(count - len(data))
        if not more:
            raise EOFError
        data += more
    return data


def read_message(sock):
    head = read_exactly(sock, 16)
    return head + read_exactly(sock, struct.unpack("<i", head[:4])[0] - 16)


def command_of(message):
    """The command and its collection: the first member of the document, whose value is a string."""
    if struct.unpack("<i", message[12:16])[0] != OP_MSG:
        return "hello", ""  # a driver's first greeting is still an OP_QUERY
    at = 21 + 4  # header, flags, kind of the section, length of the document
    end = message.index(b"\0", at + 1)
    name, value = message[at + 1:end].decode(), ""
    if message[at] == 2:
        size = struct.unpack("<i", message[end + 1:end + 5])[0]
        value = message[end + 5:end + 4 + size].decode("utf-8", "replace")
    return name, value


def own_answer(message, document):
    import bson
    body = struct.pack("<iB", 0, 0) + bson.encode(document)
    return struct.pack("<iiii", 16 + len(body), 1, struct.unpack("<i", message[4:8])[0], OP_MSG) + body


class Relay(socketserver.BaseRequestHandler):
    def rule(self, name, collection, turn):
        """What is to be done with such a command, which is the turn-th since the log was emptied."""
        try:
            with open(self.server.options.rules) as file:
                rules = json.load(file)
        except (OSError, TypeError):
            return None
        rule = rules.get("%s %s" % (name, collection), rules.get(name))
        return rule[min(turn, len(rule)) - 1] if isinstance(rule, list) else rule

    def hold(self, name, collection, turn):
        deadline = time.monotonic() + HOLD_SECONDS
        while self.rule(name, collection, turn) == "hold" and time.monotonic() < deadline:
            time.sleep(0.02)

    def note(self, name, collection):
        """Returns how many such there have been since the log was emptied."""
        # One write, so that lines of several connections never mix.
        os.write(self.server.log, ("%s %s" % (name, collection)).strip().encode() + b"\n")
        with open(self.server.options.log, "rb") as log:
            return log.read().splitlines().count(("%s %s" % (name, collection)).strip().encode())

    def handle(self):
        try:
            with socket.create_connection(self.server.options.to) as server:
                self.note("connection", "")
                while True:
                    message = read_message(self.request)
                    name, collection = command_of(message)
                    turn = self.note(name, collection)
                    rule = self.rule(name, collection, turn)
                    if rule == "hold":
                        self.hold(name, collection, turn)
                    if rule == "drop":
                        return
                    if isinstance(rule, dict):
                        self.request.sendall(own_answer(message, rule))
                        continue
                    server.sendall(message)
                    answer = read_message(server)
                    if rule == "lose":
                        return
                    self.request.sendall(answer)
        except (EOFError, OSError):
            pass


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 256


def address(text):
    host, _, port = text.rpartition(":")
    return host, int(port)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=address, required=True, metavar="HOST:PORT")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--log", required=True)
    parser.add_argument("--rules")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    with Server(("127.0.0.1", options.port), Relay) as server:
        server.options = options
        server.log = os.open(options.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        server.serve_forever()


if __name__ == "__main__":
    main()
