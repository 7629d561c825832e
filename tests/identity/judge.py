# SPDX-License-Identifier: MIT
# See README.md.
import json
import sys

sys.path.insert(0, sys.argv[1] + "/python")
import cgi_login

for line in sys.stdin.buffer.read().decode("latin-1").splitlines():
    now, limit, cookies = line.split("\t")
    try:
        visitor = cgi_login.visitor(sys.argv[2], cookies, None if limit == "-" else int(limit),
                                    None if now == "-" else int(now))
    except (OSError, ValueError) as fault:
        visitor = {"fault": str(fault)}
    print(json.dumps(visitor))
