# SPDX-License-Identifier: MIT
"""What the load and size tests share: the site's ways as run.sh describes them, people, and requests."""

import contextlib
import http.client
import json
import os
from typing import NamedTuple
from urllib.parse import urlsplit

TIMEOUT = 30


class Way(NamedTuple):
    """A guarded folder of the site. `scripts`: its CGI scripts run; `redirects`: a browser is sent to the login, where
    others see 401."""
    name: str
    url: str
    path: str
    scripts: bool
    redirects: bool


class Person(NamedTuple):
    """Somebody who is signed in: the folder that is theirs alone, what REMOTE_USER is, their cookie."""
    folder: str
    user: str
    cookie: str


def ways():
    return [Way(**way) for way in json.loads(os.environ["LOAD_WAYS"])]


def people():
    return [Person(**person) for person in json.loads(os.environ["LOAD_PEOPLE"])]


class Answer(NamedTuple):
    status: int
    headers: object
    body: bytes


class Connection:
    """A connection that is kept, and made anew when the server has closed it. What never answers has status 0."""

    def __init__(self, url):
        parts = urlsplit(url)
        self.host, self.port, self.connection = parts.hostname, parts.port, None

    def ask(self, path, headers, method="GET"):
        for attempt in (1, 2):
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
            try:
                self.connection.request(method, path, None, dict(headers, Host="%s:%d" % (self.host, self.port)))
                answer = self.connection.getresponse()
                return Answer(answer.status, answer.headers, answer.read())
            except (http.client.HTTPException, OSError) as fault:
                self.connection.close()
                self.connection = None
                if attempt == 2 or isinstance(fault, TimeoutError):
                    return Answer(0, {}, str(fault).encode())
        return None

    @contextlib.contextmanager
    def stream(self, path, headers):
        """An answer that is read in pieces, on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        try:
            connection.request("GET", path, None, dict(headers, Host="%s:%d" % (self.host, self.port)))
            yield connection.getresponse()
        finally:
            connection.close()
