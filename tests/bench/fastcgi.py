# SPDX-License-Identifier: MIT
"""Programs that stay: requests a second, and memory. Under mod_fcgid, and peers beside them.

The load comes from wrk: a client in Python would be slower than what it measures. One thread of it keeps its
connections busy for a fixed time, first one connection, then four; it shares the machine with what it measures."""

import json
import os
import re
import shutil
from typing import NamedTuple

import account
import command
import pace
import peers

CLIENTS = 4
TIMEOUT_SECONDS = 5
MARGIN_SECONDS = 20
WARM_UP_SECONDS = 2
WARM_UPS = 4
BEHIND_APACHE = "behind mod_proxy_http"


class Target(NamedTuple):
    """Something to load: how the tables name it, where it is, how to find its processes, and whether there come more of
    them under load."""
    program: str
    runs: str
    url: str
    request: dict
    processes: object
    grows: bool = True


def children(parent):
    """All processes below one, with itself."""
    found, parents = [parent], {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        fields = read_process(int(name), "stat").rpartition(")")[2].split()
        if fields:
            parents[int(name)] = int(fields[1])
    for pid in found:
        found.extend(child for child, its_parent in parents.items() if its_parent == pid)
    return found


def processes_of(*files):
    """Where to find the processes of this program that Apache has started."""
    wanted = {os.path.realpath(file) for file in files}

    def find():
        with open(os.path.join(os.environ["SITE_DIR"], "run/httpd.pid"), encoding="ascii") as stream:
            server = int(stream.read())
        return [pid for pid in children(server) if is_running(pid, wanted)]
    return find


def is_running(pid, files):
    try:
        return os.readlink("/proc/%d/exe" % pid) in files
    except OSError:
        return False


def read_process(pid, name):
    """A file of /proc; empty once the process has ended."""
    try:
        with open("/proc/%d/%s" % (pid, name), encoding="utf-8", errors="replace") as stream:
            return stream.read()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def memory(pids):
    """The resident memory of the largest, in KiB."""
    return max((int(size) for pid in pids for size in re.findall(r"VmRSS:\s*(\d+)", read_process(pid, "status"))),
               default=0)


def processor_time(pids):
    """What all their threads have run, in nanoseconds."""
    total = 0
    for pid in pids:
        for thread in os.listdir("/proc/%d/task" % pid):
            total += int((read_process(pid, "task/%s/schedstat" % thread).split() or [0])[0])
    return total


def load(target, connections, seconds):
    """Keeps the connections busy for a while; what load.lua tells."""
    headers = dict(account.BROWSER, **target.request.get("headers", {}))
    arguments = [shutil.which("wrk"), "-t1", "-c%d" % connections, "-d%ds" % seconds, "--timeout",
                 "%ds" % TIMEOUT_SECONDS, "-s", account.workshop("load.lua")]
    for name, value in headers.items():
        arguments += ["-H", "%s: %s" % (name, value)]
    output, _ = command.run([*arguments, target.url + target.request["path"]], dict(os.environ),
                            seconds=seconds + MARGIN_SECONDS)
    result = json.loads(output.decode().splitlines()[-1])
    if result["failed"] or not result["requests"]:
        raise SystemExit("bench: %s, %s: %s" % (target.program, target.runs, result))
    return {"per_second": result["requests"] / result["duration"] * 1e6, "median_ms": result["median"] / 1000,
            "p99_ms": result["p99"] / 1000, "requests": result["requests"]}


def warm_up(target):
    """Until there is a process for each connection and one to spare. Without, mod_fcgid lets a request that finds none
    sleep for a second before it starts one."""
    for _ in range(WARM_UPS):
        load(target, 2 * CLIENTS, WARM_UP_SECONDS)
        if len(target.processes()) > CLIENTS or not target.grows:
            return


def measure_one(target, expected):
    status, _, _ = account.ask(account.connect(target.url), target.request)
    if status != expected:
        raise SystemExit("bench: %s, %s answers %d" % (target.program, target.runs, status))
    warm_up(target)
    early, before = memory(target.processes()), processor_time(target.processes())
    alone, crowd = (load(target, clients, pace.PLAN["load_seconds"]) for clients in (1, CLIENTS))
    requests, pids = alone["requests"] + crowd["requests"], target.processes()
    return {"program": target.program, "runs": target.runs, "alone": alone, "crowd": crowd, "requests": requests,
            "processor_us": (processor_time(pids) - before) / 1000 / requests, "early_kib": early,
            "kib": memory(pids), "processes": len(pids)}


def own_targets(cookie):
    for home in account.fastcgi_accounts()[:pace.PLAN["load_accounts"]]:
        for program, path in (("start", "/auth/instagram"), ("login", "/login"), ("profile", "/profile")):
            yield Target(program, "mod_fcgid, " + home.linked, os.environ["SITE_URL"],
                         home.request(path, headers={"Cookie": cookie}),
                         processes_of(home.program(program), home.full_program(program)))


def measure(cookie):
    """A row for each program that stays. None without wrk."""
    if shutil.which("wrk") is None:
        return None
    known = peers.installed()
    rows = [measure_one(target, 302 if target.program == "start" else 200) for target in own_targets(cookie)]
    if "php" in known and rows:
        target = Target(known["php"], "mod_fcgid", os.environ["SITE_URL"], {"path": "/peer"},
                        processes_of(shutil.which("php-cgi")))
        rows.append(measure_one(target, 302))
    if "node" in known:
        with peers.node_server(account.accounts()[0].config) as (url, pid):
            targets = [Target(known["node"], "its own server", url, {"path": "/"}, lambda: [pid], grows=False)]
            if os.environ.get("BENCH_NODE_PORT"):
                targets.insert(0, Target(known["node"], BEHIND_APACHE, os.environ["SITE_URL"], {"path": "/node"},
                                         lambda: [pid], grows=False))
            rows.extend(measure_one(target, 302) for target in targets)
    return rows
