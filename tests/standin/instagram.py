#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A stand-in for Instagram's login, token and profile endpoints, for tests and the demo. See README.md."""

import argparse
import json
import os
import signal
import socketserver
import ssl
import sys
import threading

import faults
from handler import Handler
from ledger import Ledger
from refresh_tokens import RefreshTokens
from settings import Settings


class Server(socketserver.ThreadingTCPServer):
    """The listening socket and everything the requests share."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, options):
        self.options = options
        self.settings = Settings(options.redirect_uri)
        self.ledger = Ledger(self.settings)
        self.refresh_tokens = RefreshTokens()
        self.gate = faults.Gate()
        self._lock = threading.Lock()
        self._log = open(options.log, "a", encoding="utf-8") if options.log else None
        self.reset()
        super().__init__(("127.0.0.1", options.port), Handler)
        if options.certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(options.certificate, options.key)
            # The handshake happens at the first read, in the connection's own thread.
            self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.base_url = "%s://localhost:%d" % ("https" if options.certificate else "http", self.server_address[1])

    def reset(self):
        self.settings.reset()
        self.ledger.reset()
        self.refresh_tokens.reset()
        self.gate.open()
        with self._lock:
            self._counts = {}

    def record(self, entry):
        """Counts and logs a request, before it is answered: who has the answer can read the line."""
        name = "%s %s" % (entry["method"], entry["path"])
        with self._lock:
            self._counts[name] = self._counts.get(name, 0) + 1
            if self._log:
                self._log.write(json.dumps(entry) + "\n")
                self._log.flush()

    def state(self):
        with self._lock:
            counts = dict(self._counts)
        hits = sum(count for name, count in counts.items() if name.endswith(" /_redirected"))
        issued = self.ledger.issued()
        issued["tokens"] += self.refresh_tokens.issued()
        return {"settings": self.settings.all(), "requests": counts, "redirect_hits": hits, "issued": issued,
                "refresh_tokens": self.refresh_tokens.state(), "held": self.gate.held}

    def handle_error(self, request, client_address):
        """Clients that hang up or fail the handshake are normal here; anything else is a bug to show."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


def write_atomically(path, text):
    with open(path + ".new", "w", encoding="ascii") as stream:
        stream.write(text + "\n")
    os.replace(path + ".new", path)


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one (default)")
    parser.add_argument("--port-file", help="where to write the port once listening")
    parser.add_argument("--pid-file", help="where to write the process id once listening")
    parser.add_argument("--client-id", required=True)
    parser.add_argument("--client-secret", required=True)
    parser.add_argument("--redirect-uri", action="append", default=[], help="repeatable; matched to the letter")
    parser.add_argument("--certificate", help="a PEM file; turns TLS on")
    parser.add_argument("--key", help="the certificate's key, a PEM file")
    parser.add_argument("--log", help="one JSON line a request, secrets and all: for tests only")
    return parser.parse_args()


def stop(*_):
    raise SystemExit(0)


def main():
    options = parse_options()
    try:
        server = Server(options)
    except (OSError, OverflowError) as problem:
        sys.exit("instagram.py: cannot start on port %d: %s" % (options.port, problem))
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if options.pid_file:
        write_atomically(options.pid_file, str(os.getpid()))
    if options.port_file:
        write_atomically(options.port_file, str(server.server_address[1]))
    print("The stand-in for Instagram listens on %s" % server.base_url, flush=True)
    try:
        server.serve_forever()
    finally:
        for path in filter(None, (options.pid_file, options.port_file)):
            if os.path.exists(path):
                os.remove(path)


if __name__ == "__main__":
    main()
