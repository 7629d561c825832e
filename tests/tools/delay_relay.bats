#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The relay that `make bench` puts between the programs and the provider: what it carries arrives whole and not before
# its time. That it is not much later is for the reader of the figures: no test is to depend on the machine's speed.

setup() {
    bats_load_library bats-support
    bats_load_library bats-assert
    # shellcheck source=../support/site.sh
    source "$BATS_TEST_DIRNAME/../support/site.sh"
    WORK=$(mktemp -d)
    RELAY="$BATS_TEST_DIRNAME/../support/delay_relay.py"
    echo_server
}

teardown() {
    _site_end "${ECHO-}" && _site_end "${RELAYING-}"
    rm -rf "$WORK"
}

first_line() { [[ -s $1 ]]; }

# Sends everything back, an end of the stream included.
echo_server() {
    _site_spawn "$WORK/echo" "$(_site_python)" -c '
import socketserver
class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        for data in iter(lambda: self.request.recv(65536), b""):
            self.request.sendall(data)
server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Echo)
server.daemon_threads = True
print(server.server_address[1], flush=True)
server.serve_forever()'
    ECHO=$_SITE_PID
    _site_until first_line "$WORK/echo"
}

relay_start() { # MILLISECONDS: sets RELAYING, the process, and PORT
    _site_spawn "$WORK/relay" "$(_site_python)" -B "$RELAY" --to "127.0.0.1:$(cat "$WORK/echo")" --round-trip "$1" \
        --log "$WORK/log"
    RELAYING=$_SITE_PID
    _site_until first_line "$WORK/relay"
    PORT=$(cat "$WORK/relay")
}

# Prints the milliseconds from connecting to the first answer, those of two more, and what came back of a megabyte.
talk() {
    "$(_site_python)" - "$PORT" <<'PYTHON'
import socket, sys, threading, time
began = time.monotonic()
link = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=30)
for _ in range(3):
    link.sendall(b"one chunk")
    assert link.recv(100) == b"one chunk"
    print(int((time.monotonic() - began) * 1000))
    began = time.monotonic()
sent = bytes(range(256)) * 4096
def send():
    link.sendall(sent)
    link.shutdown(socket.SHUT_WR)
threading.Thread(target=send).start()
print("whole" if b"".join(iter(lambda: link.recv(65536), b"")) == sent else "spoiled")
PYTHON
}

@test "the relay delays a connection by two round trips, each exchange by one, and spoils nothing" {
    relay_start 60
    run talk
    assert_success
    assert [ "${lines[0]}" -ge 120 ]
    assert [ "${lines[1]}" -ge 60 ]
    assert [ "${lines[2]}" -ge 60 ]
    assert_equal "${lines[3]}" whole
    assert_equal "$(awk '$3 ~ /^(open|up-end|down-end)$/ {print $2, $3, $4}' "$WORK/log")" \
        $'1 open 0\n1 up-end 0\n1 down-end 0'
    assert_equal "$(awk '$3 == "up" {sum += $4} END {print sum}' "$WORK/log")" 1048603
}

@test "the relay closes a connection that has no server behind it, and ends when it is told to" {
    relay_start 0
    _site_end "$ECHO"
    run talk
    assert_failure
    kill -TERM "$RELAYING"
    _site_until _site_gone "$RELAYING"
    refute _site_listening "$PORT"
}
