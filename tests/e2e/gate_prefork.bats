#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# The folder of gate.bats under prefork and mod_cgi.

load helpers
load gate

setup_file() { SITE_MPM=prefork e2e_setup_file; }
e2e_prepare() { gate_members; }

setup() {
    e2e_setup
    LAYLA=$WORK/layla
    sign_in "$LAYLA" layla.studio
}

@test "under mod_cgi files are served, and no cache may share them" { files_are_served; }

@test "under mod_cgi a script learns who is there, whatever the client says" { scripts_learn_who; }

@test "under mod_cgi a broken config or program leaves the folder closed" { faults_close; }
