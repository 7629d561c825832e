#!/bin/sh
# SPDX-License-Identifier: MIT
# Who is there, as a script behind the gate is told, and which request this is.
printf 'Content-Type: text/plain\r\n\r\n%s %s\n' "$REMOTE_USER" "$QUERY_STRING"
