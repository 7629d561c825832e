# SPDX-License-Identifier: MIT
"""What else could do the work of `start`, if it is installed here: PHP and Node.js. The scripts are in peers/. Each is
a program of its own for every request, and a process that stays: PHP under mod_fcgid as ours, Node.js as a server of
its own behind Apache, and without."""

import contextlib
import os
import re
import shutil
import subprocess
from email import message_from_bytes
from urllib.parse import parse_qsl, urlsplit

import account
import command
import process
from cases import Case
from command import Invocation

SECONDS_TO_START = 20


def script(name):
    return account.workshop("peers/" + name)


def version(program):
    """"8.2.7", from whatever the program says."""
    output, _ = command.run([program, "--version"], dict(os.environ))
    return re.search(r"\d+(\.\d+)+", output.decode()).group(0)


def installed():
    """The name of each peer that is here, with its version."""
    names = {"php": ("PHP", shutil.which("php-cgi")), "node": ("Node.js", shutil.which("node"))}
    return {key: "%s %s" % (name, version(path)) for key, (name, path) in names.items() if path}


def cases(start):
    """Bare processes, with the environment of the case `start`."""
    known = installed()
    # Apache's rewriting has put REDIRECT_ before its name.
    environment = dict(start.invocation.environment, CGI_LOGIN_CONFIG=account.accounts()[0].config)
    result = []
    if "php" in known:
        variables = dict(environment, SCRIPT_FILENAME=script("start.php"), SCRIPT_NAME="/start.php")
        for name in ("PATH_INFO", "PATH_TRANSLATED"):  # it would look for the script there
            variables.pop(name, None)
        result.append(Case(known["php"], "php-cgi", Invocation([shutil.which("php-cgi")], variables), heavy=True))
    if "node" in known:
        run = Invocation([shutil.which("node"), script("start.js")], environment)
        result.append(Case(known["node"], "node", run, heavy=True))
    for case in result:
        check(case, start)
    return result


def answer_of(case):
    """(the Location's place, the names in its query, the cookie's length) of what a case prints."""
    headers = message_from_bytes(process.spawn(case.invocation)[1])
    url = urlsplit(headers["Location"])
    return url[:3], [name for name, _ in parse_qsl(url.query)], len(account.cookies_of(headers))


def check(case, start):
    """A peer has to give the same answer: the same redirect, and a cookie as long."""
    own, other = answer_of(start), answer_of(case)
    if own != other:
        raise SystemExit("bench: %s does not do what start does: %s, not %s" % (case.label, other, own))


@contextlib.contextmanager
def node_server(config):
    """Node.js as a server: its URL and process id."""
    environment = {"PATH": os.environ["PATH"], "CGI_LOGIN_CONFIG": config}
    port = os.environ.get("BENCH_NODE_PORT", "0")
    with command.started([shutil.which("node"), script("start.js"), "serve", port], environment,
                         stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as server:
        port = command.first_line(server, SECONDS_TO_START)
        yield "http://127.0.0.1:%d" % int(port), server.pid
