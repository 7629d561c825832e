#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# test.sh [TAR FILE]: unpacks what `make dist` made into a folder with nothing else in it, makes that the root folder, and
# signs in there as a user without rights, over TLS to the stand-in for Instagram. Says ok or not ok for each check.
# RUNNER runs programs of another processor: RUNNER=/usr/bin/qemu-aarch64-static.
set -uo pipefail
umask 022

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
version=$(sed -n 's/^VERSION := //p' "$root/Makefile")
archive=${1:-${DIST_CACHE:-$root/build/dist}/cgi-login-$version-linux-x86_64.tar.gz}
runner=${RUNNER-}
folder=$(mktemp -d "${TMPDIR:-/tmp}/cgi-login-dist.XXXXXX")
jail=$folder/jail
readonly user=61234 memory_kb=32768 processes=20 home=/home/you
passed=0 failed=0 standin=

clean_up() {
    local status=$?
    [[ -z $standin ]] || kill "$standin" 2>/dev/null
    rm -rf "$folder"
    exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

fail() {
    printf '    %s\n' "$*" >&2
    return 1
}

check() { # NAME FUNCTION [ARGUMENT...]
    local name=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
        printf 'ok %d - %s\n' $((passed + failed)) "$name"
    else
        failed=$((failed + 1))
        printf 'not ok %d - %s\n' $((passed + failed)) "$name"
    fi
}

# --- the account ---

lay_out() {
    mkdir -p "$jail/home" "$jail/dev"
    tar -xzf "$archive" -C "$jail/home" && mv "$jail/home/cgi-login-$version" "$jail$home" || return 1
    # What every host has.
    cp -a /dev/null /dev/urandom "$jail/dev/" || return 1
    if [[ -n $runner ]]; then
        cp "$runner" "$jail/runner" || return 1
    fi
    chown -R "$user:$user" "$jail$home"
}

write_config() { # what INSTALL.html's form makes, but for the stand-in's addresses
    local config=$jail$home/cgi-login/config.json key url=https://localhost:$port
    key=$(run /cgi-login/bin/cgi-login new-key) || return 1
    cp "$folder/certificate.pem" "$jail$home/cgi-login/standin.pem"
    cat >"$config" <<JSON
{ "base_url": "http://localhost:8080", "keys": ["$key"], "store": "sqlite://$home/cgi-login/users.db",
  "providers": { "instagram": { "client_id": "1029384756102938", "client_secret": "5d41402abc4b2a76b9719d911017c592",
    "ca_file": "$home/cgi-login/standin.pem",
    "authorize_url": "$url/oauth/authorize", "token_url": "$url/oauth/access_token",
    "long_lived": { "url": "$url/access_token", "grant_type": "ig_exchange_token" },
    "refresh": { "url": "$url/refresh_access_token", "grant_type": "ig_refresh_token", "min_age_seconds": 86400 },
    "profile_url": "$url/v26.0/me" } } }
JSON
    chmod 600 "$config" && chown "$user:$user" "$config"
}

start_standin() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
        -addext 'subjectAltName=DNS:localhost,IP:127.0.0.1' -keyout "$folder/key.pem" \
        -out "$folder/certificate.pem" 2>/dev/null || return 1
    "${SITE_PYTHON:-python3}" -B "$root/tests/standin/instagram.py" --port 0 --port-file "$folder/port" \
        --pid-file "$folder/pid" --client-id 1029384756102938 --client-secret 5d41402abc4b2a76b9719d911017c592 \
        --log "$folder/requests.log" --redirect-uri http://localhost:8080/auth/instagram/callback \
        --certificate "$folder/certificate.pem" --key "$folder/key.pem" >"$folder/standin.log" 2>&1 &
    standin=$!
    local deadline=$((SECONDS + 20))
    until [[ -s $folder/port ]]; do
        if [[ $SECONDS -ge $deadline ]] || ! kill -0 "$standin" 2>/dev/null; then
            cat "$folder/standin.log" >&2
            return 1
        fi
        sleep 0.05
    done
    port=$(cat "$folder/port")
}

# --- running programs ---

# Under limits tighter than those of shared hosts; under qemu the memory is the emulator's too.
run() { # PROGRAM [ARGUMENT...]: a path below the account's folder; `environment` and `watch` go before it
    local program=$home$1
    local -a jailed=(chroot --userspec="$user:$user" --groups= "$jail")
    shift
    (
        ulimit -u "${processes_limit:-$processes}"
        [[ -n $runner ]] || ulimit -v "$memory_kb"
        exec env -i "${environment[@]}" "${watch[@]}" /usr/sbin/"${jailed[0]}" "${jailed[@]:1}" ${runner:+/runner} \
            "$program" "$@"
    )
}
environment=() watch=()

# A request, as Apache hands it on. Leaves the answer in $folder/answer.
request() { # PROGRAM METHOD PATH [QUERY [COOKIE [MORE VARIABLES...]]]
    local program=$1 path=$3 query=${4-} cookie=${5-}
    local -a environment=(GATEWAY_INTERFACE=CGI/1.1 SERVER_PROTOCOL=HTTP/1.1 SERVER_NAME=localhost SERVER_PORT=8080
        HTTP_HOST=localhost:8080 REMOTE_ADDR=127.0.0.1 REQUEST_METHOD="$2" REQUEST_URI="$path${query:+?$query}"
        QUERY_STRING="$query" SCRIPT_NAME="/cgi-bin/$program.cgi" DOCUMENT_ROOT="$home/public_html"
        CGI_LOGIN_CONFIG="$home/cgi-login/config.json" "${@:6}")
    [[ $path != /auth/* ]] || environment+=(PATH_INFO=/instagram)
    [[ -z $cookie ]] || environment+=(HTTP_COOKIE="$cookie")
    run "/cgi-bin/$program.cgi" >"$folder/answer" 2>"$folder/errors" </dev/null ||
        fail "$program ended with status $?: $(head -c 400 "$folder/errors")"
}

header() { # NAME: of the last answer
    sed -n "s/^$1: \(.*[^[:space:]]\)[[:space:]]*\$/\1/Ip; /^[[:space:]]*\$/q" "$folder/answer"
}

cookies() { # those of the last answer, as a browser sends them back
    header Set-Cookie | grep -v 'Max-Age=0' | sed 's/;.*//' | paste -sd';' -
}

expect() { # TEXT: in the last answer
    grep -qF -- "$1" "$folder/answer" || fail "no $1 in: $(head -c 400 "$folder/answer" | tr '\n' '|') $(cat "$folder/errors")"
}

# --- the checks ---

sums_are_right() { (cd "$jail$home" && sha256sum --quiet -c SHA256SUMS); }

nothing_missing() {
    local file
    for file in INSTALL.html MANIFEST htaccess.example licences cgi-login/config-template.json \
        cgi-login/providers/instagram.json cgi-login/templates/login.html cgi-login/share/man/man1/cgi-login.1 \
        public_html/index.html public_html/cgi-login/style.css; do
        [[ -e $jail$home/$file ]] || fail "$file is missing" || return 1
    done
    ! grep -q '@[A-Z]*@' "$jail$home/INSTALL.html" || fail "INSTALL.html has a place that was not filled in"
}

all_static() {
    local program
    for program in "$jail$home"/cgi-bin/*.cgi "$jail$home"/cgi-login/{bin,lib}/*; do
        ! readelf -lW "$program" | grep -q INTERP || fail "$program wants an interpreter" || return 1
        ! readelf -dW "$program" | grep -q NEEDED || fail "$program wants libraries" || return 1
        readelf -hW "$program" | grep -q 'Type:.*DYN' || fail "$program is no PIE" || return 1
        readelf -lW "$program" | grep -q 'GNU_STACK.* RW ' || fail "$program has an executable stack" || return 1
    done
}

lacks() { # PROGRAM BYTES PATTERN: is smaller, and has nothing of that in it
    local file=$jail$home/cgi-bin/$1.cgi size
    size=$(stat -c %s "$file")
    [[ $size -lt $2 ]] || fail "$1 has $size bytes" || return 1
    ! grep -qaE "$3" "$file" || fail "$1 has in it: $(grep -oaE "$3" "$file" | sort -u | tr '\n' ' ')"
}

# Whoever never talks to the provider or the store must not carry what does, and whoever seldom does has a full program for it.
small_ones_are_small() {
    local program
    for program in start login; do
        lacks "$program" 500000 'isMaster|OpenSSL 3|CERTIFICATE|SQLite format' || return 1
    done
    for program in profile logout; do
        lacks "$program" 1500000 'isMaster|OpenSSL 3|CERTIFICATE' || return 1
        grep -qa isMaster "$jail$home/cgi-login/lib/$program" || fail "$program has no full program with MongoDB" || return 1
    done
}

certificates_found_by_hash() {
    local file hash
    [[ $(find "$jail$home/cgi-login/ca" -name '*.[0-9]' | wc -l) -gt 100 ]] || fail "too few certificates" || return 1
    for file in "$jail$home"/cgi-login/ca/*0.0; do
        hash=$(openssl x509 -in "$file" -noout -subject_hash) || return 1
        [[ ${file##*/} == "$hash.0" ]] || fail "$file should be called $hash" || return 1
    done
}

no_paths_of_this_machine() {
    ! grep -raqF -e "$root/" -e "${DIST_CACHE:-$root/build/dist}" "$jail$home" ||
        fail "a path of this machine is in: $(grep -ralF -e "$root/" "$jail$home" | tr '\n' ' ')"
}

help_works() {
    run /cgi-login/bin/cgi-login --help >"$folder/answer" || fail "it ended with status $?" || return 1
    grep -q '^usage: cgi-login' "$folder/answer"
}

check_works() {
    environment=("CGI_LOGIN_CONFIG=$home/cgi-login/config.json")
    run /cgi-login/bin/cgi-login check >"$folder/check.txt" 2>&1
    local status=$?
    environment=()
    [[ $status -eq 0 ]] || fail "$(cat "$folder/check.txt")"
}

# From the certificates that came with it, as one bundle: all stay but those that have expired.
renews_certificates() {
    local bundle=$home/cgi-login/bundle.pem count
    cat "$jail$home"/cgi-login/ca/* >"$jail$bundle"
    environment=("CGI_LOGIN_CONFIG=$home/cgi-login/config.json")
    run /cgi-login/bin/cgi-login ca-refresh --from "$bundle" >"$folder/renewed.txt" 2>&1
    local status=$?
    environment=()
    [[ $status -eq 0 ]] || fail "$(cat "$folder/renewed.txt")" || return 1
    count=$(find "$jail$home/cgi-login/ca" -name '*.[0-9]' | wc -l)
    grep -q "^ca: $count certificates, " "$folder/renewed.txt" && [[ ! -e $jail$home/cgi-login/ca.refresh-new ]] ||
        fail "$(cat "$folder/renewed.txt")" || return 1
    certificates_found_by_hash
}

starts() {
    request start GET /auth/instagram && expect "https://localhost:$port/oauth/authorize" || return 1
    authorize=$(header Location) pending=$(cookies)
}

signs_in() {
    local location
    location=$(curl -sS --cacert "$folder/certificate.pem" -D - -o /dev/null -d "${authorize#*\?}" \
        -d person=harbour.bakery -d decision=approve "https://localhost:$port/oauth/consent" |
        sed -n 's/^[Ll]ocation: \(.*[^[:space:]]\).*/\1/p')
    location=${location%%#*}
    request callback GET /auth/instagram/callback "${location#*\?}" "$pending" || return 1
    [[ $(header Location) == */profile ]] || fail "the callback leads to $(header Location): $(cat "$folder/errors")" || return 1
    session=$(cookies)
}

shows_profile() {
    request profile GET /profile '' "$session" HTTP_ACCEPT=application/json && expect '"harbour.bakery"'
}

shows_login() { request login GET /login && expect 'Instagram'; }

logs_out() {
    request logout POST /logout '' "$session" HTTP_SEC_FETCH_SITE=same-origin HTTP_ORIGIN=http://localhost:8080 \
        CONTENT_LENGTH=0 && expect 'Status: 302'
}

meta_calls_are_answered() {
    request deauthorize POST /auth/instagram/deauthorize '' '' CONTENT_LENGTH=0 && expect 'Status: 4' &&
        request deletion GET /auth/instagram/deletion code=none && expect 'Status: 4'
}

lists_users() {
    environment=("CGI_LOGIN_CONFIG=$home/cgi-login/config.json")
    run /cgi-login/bin/cgi-login users list | grep -q harbour.bakery
    local status=$?
    environment=()
    return "$status"
}

shows_login_in() { # FOLDER
    local folder=$1
    mkdir "$folder" && request login GET /login && expect Instagram
}

twenty_at_once() {
    # The limit counts all processes of a user: these, and those that hold the output open until they have ended.
    local number processes_limit=40
    local -a pids=()
    for number in {1..20}; do
        shows_login_in "$folder/at_once.$number" &
        pids+=($!)
    done
    for number in "${pids[@]}"; do
        wait "$number" || fail "one of twenty at once failed" || return 1
    done
}

# What the programs open outside their own folder. The rest of a sign-in is followed by strace.
opens_only_its_own() {
    local allowed="^($home/|/dev/(null|urandom)|/etc/(resolv\.conf|hosts|localtime)|/etc/ssl/|/proc/self/)"
    # strace keeps those longer that hold the output open.
    local other processes_limit=40
    watch=(strace -f -qq -e 'trace=open,openat,openat2,creat' -o "$folder/trace")
    starts && signs_in && shows_profile
    local status=$?
    watch=()
    [[ $status -eq 0 ]] || return 1
    # chroot's own come first, until it becomes the program, whose name strace does not show here: they have O_CLOEXEC.
    other=$(sed -n 's/.*open[a-z0-9]*(\(AT_FDCWD, \)\?"\([^"]*\)".*/\2/p' "$folder/trace" |
        grep -vE "$allowed" | grep -vE '^/(etc/ld\.so|lib|usr/lib|etc/(nsswitch|passwd|group))' | sort -u)
    [[ -z $other ]] || fail "opened outside of its folder: $other"
}

prepare() {
    [[ -r $archive ]] || fail "$archive is not there: make dist" || return 1
    [[ $EUID -eq 0 ]] || fail 'only root can make a folder the root folder' || return 1
    if ! lay_out || ! start_standin; then
        fail 'could not prepare'
    fi
}

prepare || exit 1
check 'the sums are right' sums_are_right
check 'nothing is missing' nothing_missing
check 'every program is a static PIE' all_static
check 'start and login carry no TLS and no database, profile and logout no MongoDB' small_ones_are_small
check 'certificates are found by their hash' certificates_found_by_hash
check 'no path of the building machine is in it' no_paths_of_this_machine
check '--help works in an empty folder' help_works
check 'new-key makes a key for the config' write_config
check 'check finds nothing to change' check_works
check 'ca-refresh renews the certificates' renews_certificates
check 'login shows the button' shows_login
check 'start leads to the provider' starts
check 'callback signs in over TLS, trusting a CA of its own' signs_in
check 'profile shows who is signed in' shows_profile
check 'logout signs out' logs_out
check 'deauthorize and deletion answer' meta_calls_are_answered
check 'the command line lists the user' lists_users
check 'twenty requests at once' twenty_at_once
if [[ -z $runner ]] && command -v strace >/dev/null; then
    check 'no file outside of its own folder is opened' opens_only_its_own
fi
printf '%d passed, %d failed\n' "$passed" "$failed"
[[ $failed -eq 0 ]]
