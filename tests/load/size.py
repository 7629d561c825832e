# SPDX-License-Identifier: MIT
"""size.py: a file of 100 MB through each way, with the memory of server and gate watched meanwhile; ranges of it; and a
folder of 1,000 files, beside the same folder without a guard. Fails where a byte is wrong or memory grows."""

import hashlib
import os
import queue
import re
import sys
import threading
import time

import client

FILES = 1000
CLIENTS = 16
BIG = 100 << 20
GROWTH_KIB = 8 << 10  # the most that a download may add to the memory of all processes together
CHUNK = 1 << 16
PAUSE_SECONDS = 0.001
RANGES = ("bytes=0-99", "bytes=50000000-50000999", "bytes=-100", "bytes=104857500-")
CLOCK = os.sysconf("SC_CLK_TCK")


def read(pid, name):
    try:
        with open("/proc/%s/%s" % (pid, name), encoding="utf-8", errors="replace") as stream:
            return stream.read()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return ""


def site_processes():
    """The site's servers and programs: all that have its folder in their command line or as their program."""
    folder = os.environ["SITE_DIR"]
    for pid in filter(str.isdigit, os.listdir("/proc")):
        if int(pid) == os.getpid():
            continue
        try:
            program = os.readlink("/proc/%s/exe" % pid)
        except OSError:
            continue
        if program.startswith(folder) or (program.rpartition("/")[2] in ("apache2", "httpd", "nginx", "lighttpd") and
                                          folder in read(pid, "cmdline") + " ".join(parents(pid))):
            yield pid


def parents(pid):
    """The command lines above it: nginx's workers do not name the folder in theirs."""
    while pid not in ("0", "1", ""):
        fields = read(pid, "stat").rpartition(")")[2].split()
        pid = fields[1] if fields else ""
        yield read(pid, "cmdline") if pid else ""


def memory_kib():
    """What the processes have of their own (RssAnon): pages of the file that Apache maps belong to the system."""
    return sum(int(size) for pid in site_processes() for size in re.findall(r"RssAnon:\s*(\d+)", read(pid, "status")))


def processor_seconds():
    """All that the processes, and those that they have waited for, have run. mod_cgid does not wait for programs: theirs
    is in it with mod_cgi alone."""
    total = 0
    for pid in site_processes():
        fields = read(pid, "stat").rpartition(")")[2].split()
        if fields:
            total += sum(int(field) for field in fields[11:15])
    return total / CLOCK


class Watch(threading.Thread):
    """The most memory while something goes on."""

    def __init__(self):
        super().__init__(daemon=True)
        self.most, self.ended = 0, threading.Event()

    def run(self):
        while not self.ended.wait(0.02):
            self.most = max(self.most, memory_kib())

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.join()


def download(way, cookie, path, pause=0.0):
    """Reads the big file in pieces, with a pause after each; (its hash, seconds)."""
    connection = client.Connection(way.url)
    began, digest = time.monotonic(), hashlib.sha256()
    with connection.stream(path, {"Cookie": cookie}) as answer:
        if answer.status != 200:
            raise SystemExit("size: %s answers %d to the big file" % (way.name, answer.status))
        while piece := answer.read(CHUNK):
            digest.update(piece)
            if pause:
                time.sleep(pause)
    return digest.hexdigest(), time.monotonic() - began


def big_file(way, cookie, expected):
    path = way.path + "both/big.bin"
    quick, seconds = download(way, cookie, path)  # after which every process is there
    before = memory_kib()
    with Watch() as watch:
        slow, slow_seconds = download(way, cookie, path, PAUSE_SECONDS)
    growth = watch.most - before
    print("%-34s 100 MB in %.2f s; read slowly, in %.1f s: memory of all processes %.1f MiB before, %+.1f MiB at most" %
          (way.name, seconds, slow_seconds, before / 1024, growth / 1024), flush=True)
    return (quick != expected) + (slow != expected) + (growth > GROWTH_KIB)


def ranges(way, cookie, content):
    """206 with the right bytes, HEAD without any, 304 for what has not changed."""
    connection, path, wrong = client.Connection(way.url), way.path + "both/big.bin", 0
    whole = connection.ask(path, {"Cookie": cookie}, "HEAD")
    wrong += whole.status != 200 or whole.headers["Content-Length"] != str(BIG) or bool(whole.body)
    for wanted in RANGES:
        first, _, last = wanted.removeprefix("bytes=").partition("-")
        start = int(first) if first else BIG - int(last)
        end = int(last) + 1 if first and last else BIG
        answer = connection.ask(path, {"Cookie": cookie, "Range": wanted})
        wrong += answer.status != 206 or answer.body != content[start:end]
    again = connection.ask(path, {"Cookie": cookie, "If-None-Match": whole.headers["ETag"]})
    stranger = connection.ask(path, {"Range": RANGES[0]})
    stale = connection.ask(path, {"If-None-Match": whole.headers["ETag"]})
    wrong += again.status != 304 or stranger.status != 401 or stale.status != 401
    print("%-34s %d ranges, HEAD, 304; a stranger's range and 304: %d wrong" % (way.name, len(RANGES), wrong), flush=True)
    return wrong


def fetch(way, cookie, names, wrong):
    connection = client.Connection(way.url)
    while True:
        try:
            name = names.get_nowait()
        except queue.Empty:
            return
        answer = connection.ask("%s%s.txt" % (way.path, name), {"Cookie": cookie} if cookie else {})
        if answer.status != 200 or answer.body != b"%s\n" % name.rpartition("/")[2].encode():
            wrong.append(name)


def folder(way, cookie):
    """All files once, several at a time."""
    names, wrong = queue.SimpleQueue(), []
    for number in range(FILES):
        names.put("both/files/%d" % number)
    clients = [threading.Thread(target=fetch, args=(way, cookie, names, wrong)) for _ in range(CLIENTS)]
    before, began = processor_seconds(), time.monotonic()
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    seconds, used = time.monotonic() - began, processor_seconds() - before
    print("%-34s %d files in %.2f s, %.2f ms of a processor each; %d wrong" %
          (way.name, FILES, seconds, used * 1000 / FILES, len(wrong)), flush=True)
    return len(wrong)


def main():
    with open(os.environ["LOAD_BIG"], "rb") as stream:
        content = stream.read()
    expected, cookie, wrong = hashlib.sha256(content).hexdigest(), client.people()[0].cookie, 0
    for way in client.ways():
        wrong += big_file(way, cookie, expected) + ranges(way, cookie, content) + folder(way, cookie)
    first = client.ways()[0]
    wrong += folder(first._replace(name="nothing", path="/open/"), "")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
