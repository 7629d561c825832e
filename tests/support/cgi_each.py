#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs a CGI program once for each variable, beside the same others, and checks that it ends well and writes a header
block as RFC 3875, section 6, has it: whole, printable lines. Prints the status of each response and the variable's start;
writes all responses to the file OUTPUT and what the program told its server to ERRORS.

  cgi_each.py OUTPUT ERRORS NAME=VALUE... :: NAME=VALUE... :: PROGRAM...
"""
import os
import re
import subprocess
import sys


def run(program, variables, errors):
    environment = dict(entry.split(b"=", 1) for entry in variables)
    made = subprocess.run(
        program, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, check=False
    )
    head, separator, _ = made.stdout.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    status = re.fullmatch(rb"Status: ([1-5][0-9][0-9]) [ -~]+", first)
    if made.returncode != 0 or not separator or not status:
        return b"no response", made.stdout
    if not all(re.fullmatch(rb"[A-Za-z-]+: [ -~]*", line) for line in lines):
        return b"no header block", made.stdout
    return status.group(1), made.stdout


def main():
    output, errors, *rest = (os.fsencode(word) for word in sys.argv[1:])
    first = rest.index(b"::")
    second = rest.index(b"::", first + 1)
    common, each, program = rest[:first], rest[first + 1 : second], rest[second + 1 :]
    with open(output, "ab") as responses, open(errors, "ab") as told:
        for variable in each:
            status, response = run(program, common + [variable], told)
            responses.write(response)
            sys.stdout.buffer.write(status + b" " + repr(variable[:60]).encode() + b"\n")


if __name__ == "__main__":
    main()
