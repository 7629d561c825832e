# SPDX-License-Identifier: MIT
"""Runs a command, and clears away at once what its descendants leave behind, as process 1 does on a real host.

    reaper.py COMMAND [ARGUMENT...]

In a container process 1 may do so late or never, and what has ended counts as one of the user's processes until then.
Ends with the last of them, with the command's exit status; 128 and more is a signal's number.
"""

import ctypes
import os
import signal
import sys

PR_SET_CHILD_SUBREAPER = 36

ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
command = os.fork()
if command == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
signal.signal(signal.SIGTERM, lambda number, frame: os.kill(command, signal.SIGTERM))
code = 127
while True:
    try:
        process, status = os.wait()
    except ChildProcessError:
        sys.exit(code if code >= 0 else 128 - code)
    if process == command:
        code = os.waitstatus_to_exitcode(status)
