#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# The gate as a CGI program, by a local redirect of Apache: who gets what of a guarded folder, and what nobody gets. What
# each path is judged by is in tests/unit; here it is what Apache makes of it.

load helpers
load gate

e2e_prepare() { gate_members; }

# Two people, for tests that only look.
setup() {
    e2e_setup
    LAYLA=$WORK/layla SAKURA=$WORK/sakura
    sign_in "$LAYLA" layla.studio
    sign_in "$SAKURA" sakura_zine
}

@test "who may gets the file from Apache: ranges, 304, HEAD, an index page, a 404; no cache may share it" { files_are_served; }

@test "a query goes through byte by byte, and a script learns who is there, whatever the client says" { scripts_learn_who; }

@test "who is not let in is led to the login and back, told why, or told 401; nothing but GET goes this way" { people_are_refused; }

@test "no way of writing a path leads past the gate, and what is private is never served" { nothing_leads_past; }

@test "a login leads back to the very address, from whichever name of the site" { login_leads_back; }

@test "a broken config, and a program that is missing or cannot run, leave the folder closed" { faults_close; }

@test "the cookie of a session that was checked comes beside the file" { renewed_cookies_come_along; }

@test "a folder of a thousand files is served, each of them asked about" { many_files_are_served; }
