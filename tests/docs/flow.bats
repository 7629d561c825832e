#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What the documents tell people to paste, pasted: each ```sh block of docs/flow-with-curl.md, those of docs/pages.md
# about the two buttons, and those of docs/gate.md about a members' area, against a site like that of `make run`. The
# ```text block below it is what it has to print. Where the document cuts a value to "…", anything may stand; what stands
# before the cut may be anything of that length, there and wherever else the document has it.

# shellcheck source=../support/site.sh
source "$BATS_TEST_DIRNAME/../support/site.sh"

setup_file() {
    export LC_ALL=C.UTF-8
    site_create >/dev/null
    standin_start
    site_start
}
teardown_file() { site_cleanup; }

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    export PAGES=$BATS_TEST_DIRNAME/../../docs
}

# Splits a document's blocks into sh.1, text.1, sh.2 and so on, with this site's addresses.
take_blocks() { # FILE [HEADING]
    awk -v heading="${2-}" '
        /^## / { wanted = (heading == "" || $0 == "## " heading) }
        BEGIN { wanted = (heading == "") }
        !wanted { next }
        /^```sh$/ { number++; file = "sh." number; next }
        /^```text$/ { file = "text." number; next }
        /^```/ { file = "" }
        file != "" { print >file }' "$1"
    sed -i -e "s#http://localhost:8080#$SITE_URL#g" -e "s#http://localhost:20224#$STANDIN_URL#g" \
        -e "s#http%3A%2F%2Flocalhost%3A8080#$(jq -rn --arg url "$SITE_URL" '$url|@uri')#g" sh.* text.*
}

# Sources all blocks in one shell, as a terminal would, each after BEFORE; what each prints goes into said.NUMBER.
paste_blocks() { # [BEFORE]
    # shellcheck disable=SC2016 # it is for the other shell
    timeout 60 bash -c 'source "$1"; for number in $(seq "$2"); do
        eval "$3" >/dev/null && source "./sh.$number" >"said.$number" 2>&1
    done' paste "$BATS_TEST_DIRNAME/../support/site.sh" "$(printf '%s\n' sh.* | wc -l)" "${1:-true}"
}

# The same as the account's owner, in the account's home.
paste_as_owner() {
    local folder=$SITE_HOME/paste
    mkdir "$folder"
    cp sh.* "$folder"
    _site_give_away "$folder"
    # shellcheck disable=SC2016 # it is for the other shell
    site_run env HOME="$SITE_HOME" timeout 60 bash -c 'for number in $(seq "$1"); do
        source "$HOME/paste/sh.$number" >"$HOME/paste/said.$number" 2>&1
    done' paste "$(printf '%s\n' sh.* | wc -l)"
    cp "$folder"/said.* .
}

# Compares what each block printed with what the document shows.
assert_said() {
    perl -CSDA -e '
        use utf8;
        sub content { local $/; open my $file, "<", $_[0] or die "$_[0]: $!"; <$file> }
        my ($wrong, $compared, %random) = (0, 0);
        for my $text (glob "text.*") { $random{$_} = 1 for content($text) =~ /([\w-]+)…/g }
        for my $text (sort glob "text.*") {
            (my $said = $text) =~ s/text/said/;
            my ($shown, $got) = (content($text), content($said));
            my $pattern = quotemeta $shown;
            for my $word (keys %random) {
                my $quoted = quotemeta quotemeta $word;
                my $length = length $word;
                $pattern =~ s/$quoted/[\\w-]{$length}/g;
            }
            $pattern =~ s/\\?…/\\S*?/g;
            $compared++;
            next if $got =~ /\A$pattern\z/;
            $wrong++;
            print STDERR "$text shows:\n${shown}and it said:\n$got";
        }
        exit($wrong || !$compared)'
}

@test "the flow with curl can be pasted, and prints what the document shows" {
    take_blocks "$PAGES/flow-with-curl.md"
    [[ $(printf '%s\n' text.* | wc -l) -ge 7 ]]
    paste_blocks
    [[ ! -s said.1 ]]
    assert_said
}

@test "the two buttons of the profile page can be pressed as docs/pages.md says" {
    take_blocks "$PAGES/pages.md" 'Log out everywhere, delete my account'
    [[ $(printf '%s\n' sh.* | wc -l) -eq 2 ]]
    paste_blocks "site=$SITE_URL; site_sign_in jar" # each button takes the session away
    assert_said
}

# As the account's owner, in its home, with the shell's words for it.
@test "a members' area is made as docs/gate.md says" {
    take_blocks "$PAGES/gate.md" "A members' area in ten minutes"
    sed -i -e "s#https://www.example.com#$SITE_URL#g" -e "s#/home/you/#$SITE_HOME/#g" sh.* text.*
    [[ $(printf '%s\n' text.* | wc -l) -ge 2 ]]
    site_sign_in jar
    paste_as_owner
    assert_said
}
