#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reads a file of payloads, a payload a line, as it says itself in its head.

    payloads.py rows FILE            VERDICT <tab> NUMBER WITHIN ITS KIND <tab> KIND <tab> PERCENT-ENCODED
                                     <tab> PERCENT-ENCODED, AS IT IS TAKEN, a line each
    payloads.py seeds FILE FOLDER    a file for each, as a fuzz target wants them
"""

import os
import re
import sys
from urllib.parse import quote


def decoded(line):
    return re.sub(rb"\\(?:\\|x([0-9A-F]{2}))", lambda found: bytes.fromhex((found[1] or b"5C").decode()), line)


def read(path):
    """Yields (verdict, kind, number within the kind, payload)."""
    kind, number = "", 0
    with open(path, "rb") as file:
        for line in file.read().splitlines():
            if line.startswith(b"# "):
                kind, number = line[2:].decode(), 0
            elif line:
                number += 1
                yield line[:1].decode(), kind, number, decoded(line[2:])


def taken(payload):
    """The payload as a URL can hold it: percent-encoded where RFC 3986 does not know a character."""
    path, hash_sign, fragment = payload.partition(b"#")
    path, fragment = (quote(re.sub(rb"%(?![0-9A-Fa-f]{2})", b"%25", part), safe="%/?:@!$&'()*+,;=")
                      for part in (path, fragment))
    return path + hash_sign.decode() + fragment


def main():
    rows = list(read(sys.argv[2]))
    if sys.argv[1] == "rows":
        for verdict, kind, number, payload in rows:
            print("%s\t%d\t%s" % (verdict, number, kind), quote(payload, safe=""), quote(taken(payload), safe=""), sep="\t")
    else:
        os.makedirs(sys.argv[3], exist_ok=True)
        for at, (_, _, _, payload) in enumerate(rows):
            with open(os.path.join(sys.argv[3], "%04d" % at), "wb") as file:
                file.write(payload)


if __name__ == "__main__":
    main()
