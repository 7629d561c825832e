#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Stands between a client and a server and makes them as far apart as --round-trip says.

Each chunk, and each end of a stream, arrives half a round trip after it was sent. There is no limit of throughput. A
relay cannot hold back the system's own answer to a connection, so what the client sends before a real handshake would
be over leaves one round trip after the connection: what comes of it is the same, for a client that speaks first. TLS
and what follows cost their own round trips. Nothing is looked into, so that TLS passes.

It prints its port once it listens. With --log it writes a line for each event at the time when it is sent:
MILLISECONDS CONNECTION open|up|down|up-end|down-end BYTES; milliseconds are those of CLOCK_MONOTONIC."""

import argparse
import asyncio
import collections
import contextlib
import os
import selectors
import time

# By how much a sleep may overrun its time. A timer goes off so much earlier, and the rest is waited for busily.
WAKES_LATE_SECONDS = 0.0003


def milliseconds():
    return time.clock_gettime_ns(time.CLOCK_MONOTONIC) / 1e6


class Log:
    def __init__(self, path):
        self.file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600) if path else None

    def note(self, connection, what, size=0):
        if self.file is not None:
            # One write, so that a reader never sees half a line.
            os.write(self.file, b"%.3f %d %s %d\n" % (milliseconds(), connection, what.encode(), size))


class Way:
    """One direction of a connection: what is under way, in the order in which it was sent."""

    def __init__(self, seconds, opens_at=0):
        self.seconds, self.opens_at = seconds, opens_at
        self.under_way, self.early = collections.deque(), []
        self.to = None  # the transport at its end, once there is one

    def send(self, deliver):
        loop = asyncio.get_running_loop()
        at = max(loop.time(), self.opens_at) + self.seconds
        self.under_way.append((at, deliver))
        # Timers for the same time have no order of their own, so each delivers the oldest.
        loop.call_at(at - WAKES_LATE_SECONDS, self.arrive)

    def arrive(self):
        at, deliver = self.under_way.popleft()
        while time.monotonic() < at:
            pass
        if self.to is None:
            self.early.append(deliver)
        else:
            deliver()

    def reach(self, transport):
        self.to = transport
        for deliver in self.early:
            deliver()

    def send_data(self, data):
        self.send(lambda: self.to.write(data))

    def send_end(self):
        self.send(self.end)

    def end(self):
        with contextlib.suppress(OSError):  # it may be gone meanwhile
            self.to.write_eof()

    def send_close(self):
        self.send(lambda: self.to.close())


class End(asyncio.Protocol):
    """One end of a connection; what it says goes the way that leads to the other end."""

    def __init__(self, way, note, name):
        self.way, self.note, self.name = way, note, name

    def data_received(self, data):
        self.note(self.name, len(data))
        self.way.send_data(data)

    def eof_received(self):
        self.note(self.name + "-end")
        self.way.send_end()
        return True  # the other direction goes on

    def connection_lost(self, _):
        self.way.send_close()


class Client(End):
    """The end that has connected to the relay."""

    def __init__(self, relay):
        super().__init__(None, None, "up")
        self.relay = relay

    def connection_made(self, transport):
        loop, relay = asyncio.get_running_loop(), self.relay
        number = relay.count()
        self.note = lambda what, size=0: relay.log.note(number, what, size)
        self.note("open")
        self.way = Way(relay.seconds / 2, loop.time() + relay.seconds)
        self.task = loop.create_task(self.reach_server(transport))

    async def reach_server(self, transport):
        back = Way(self.way.seconds)
        back.reach(transport)
        try:
            server, _ = await asyncio.get_running_loop().create_connection(
                lambda: End(back, self.note, "down"), *self.relay.server)
            self.way.reach(server)
        except OSError:
            transport.abort()


class Relay:
    def __init__(self, options):
        self.server, self.seconds = options.to, options.round_trip / 1000
        self.log, self.connections = Log(options.log), 0

    def count(self):
        self.connections += 1
        return self.connections

    async def serve(self, port):
        server = await asyncio.get_running_loop().create_server(lambda: Client(self), "127.0.0.1", port, backlog=256)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()


def address(text):
    host, _, port = text.rpartition(":")
    return host, int(port)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", type=address, required=True, metavar="HOST:PORT")
    parser.add_argument("--round-trip", type=float, default=0, metavar="MILLISECONDS")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one (default)")
    parser.add_argument("--log", metavar="FILE")
    options = parser.parse_args()
    # select() counts in microseconds; epoll_wait(), which is the default, would round each time up to a millisecond.
    loop = asyncio.SelectorEventLoop(selectors.SelectSelector())
    loop.run_until_complete(Relay(options).serve(options.port))


if __name__ == "__main__":
    main()
