# SPDX-License-Identifier: MIT
"""crowd.py REQUESTS CLIENTS: people who are and who are not signed in ask for guarded things, all at once, and each
response must be the one that this request has to get. Whatever else comes is a leak, or a fault, and fails the test."""

import collections
import queue
import random
import sys
import threading
import time

import client

SEED = 15
BROWSER = {"Accept": "text/html", "Sec-Fetch-Mode": "navigate", "User-Agent": "crowd"}
SHOWN = 10


def own_page(way, person, _, number):
    """A page for this person alone."""
    path = "%s%s/page.html?n=%d" % (way.path, person.folder, number)
    return path, person.cookie, lambda answer: answer.status == 200 and answer.body == b"for %s\n" % person.folder.encode()


def page_of_another(way, person, other, number):
    """A page for somebody else: 403, without a word of the page or of the other."""
    path = "%s%s/page.html?n=%d" % (way.path, other.folder, number)
    return path, person.cookie, lambda answer: answer.status == 403 and b"for %s" % other.folder.encode() not in \
        answer.body and other.user.encode() not in answer.body


def who_am_i(way, person, _, number):
    """Who a script, or the front end, is told that this is."""
    if way.scripts:
        expected = b"%s n=%d\n" % (person.user.encode(), number)
        return ("%sboth/who.cgi?n=%d" % (way.path, number), person.cookie,
                lambda answer: answer.status == 200 and answer.body == expected)
    return ("%sboth/page.html?n=%d" % (way.path, number), person.cookie,
            lambda answer: answer.status == 200 and answer.headers.get("X-Gate-User") == person.user)


def is_sent_away(way, path):
    """Sent to the login, with the way back to this very request; or 401 where the front end does not redirect."""
    back = path.replace("/", "%2F").replace("?", "%3F").replace("=", "%3D")

    def holds(answer):
        if not way.redirects:
            return answer.status == 401
        return answer.status == 302 and answer.headers["Location"].endswith("/login?return_to=" + back)
    return holds


def stranger(way, person, _, number):
    path = "%s%s/page.html?n=%d" % (way.path, person.folder, number)
    return path, "", is_sent_away(way, path)


def forged(way, person, _, number):
    """The cookie with another letter in its middle."""
    path = "%s%s/page.html?n=%d" % (way.path, person.folder, number)
    middle = len(person.cookie) // 2
    letter = "A" if person.cookie[middle] != "A" else "B"
    return path, person.cookie[:middle] + letter + person.cookie[middle + 1:], is_sent_away(way, path)


KINDS = {own_page: 40, who_am_i: 20, page_of_another: 15, stranger: 15, forged: 10}


def requests(way, count):
    """The same ones at every run."""
    chance, people = random.Random(SEED), client.people()
    for number in range(count):
        kind = chance.choices(list(KINDS), list(KINDS.values()))[0]
        person, other = chance.sample(people, 2)
        yield kind.__name__, kind(way, person, other, number)


def work(way, tasks, taken, wrong):
    connection = client.Connection(way.url)
    while True:
        try:
            kind, (path, cookie, is_right) = tasks.get_nowait()
        except queue.Empty:
            return
        headers = dict(BROWSER, Cookie=cookie) if cookie else BROWSER
        began = time.perf_counter()
        answer = connection.ask(path, headers)
        taken.append((time.perf_counter() - began) * 1000)
        if not is_right(answer):
            wrong.append((kind, path, answer))


def run(way, count, clients):
    """Prints a line; returns what went wrong."""
    tasks, taken, wrong, kinds = queue.SimpleQueue(), [], [], collections.Counter()
    for kind, task in requests(way, count):
        kinds[kind] += 1
        tasks.put((kind, task))
    threads = [threading.Thread(target=work, args=(way, tasks, taken, wrong)) for _ in range(clients)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - began
    taken.sort()
    missing = count - len(taken)
    print("%-34s %6d requests at %d: %6.0f a second, median %5.1f ms, 99 %% %6.1f ms; %d wrong, %d not answered (%s)" %
          (way.name, count, clients, len(taken) / seconds, taken[len(taken) // 2], taken[len(taken) * 99 // 100],
           len(wrong), missing, ", ".join("%s %d" % pair for pair in sorted(kinds.items()))), flush=True)
    for kind, path, answer in wrong[:SHOWN]:
        print("  %s: %s gets %d %r %r" % (kind, path, answer.status, dict(answer.headers), answer.body[:200]))
    return len(wrong) + missing


def main():
    count, clients = int(sys.argv[1]), int(sys.argv[2])
    sys.exit(1 if sum(run(way, count, clients) for way in client.ways()) else 0)


if __name__ == "__main__":
    main()
