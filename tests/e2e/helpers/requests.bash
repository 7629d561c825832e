# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: MIT
# Requests with curl, each of which is kept: STATUS, HEADERS and BODY are of the last. And a program run without a
# server.

# http [CURL OPTION...] PATH_OR_URL: sets STATUS and the files HEADERS and BODY. Every response is kept for
# assert_no_secrets.
http() {
    local url=${!#}
    [[ $url != /* ]] || url=$SITE_URL$url
    REQUESTS=$((REQUESTS + 1))
    # A request in the background counts for itself.
    HEADERS=$KEPT/$BASHPID.$REQUESTS.headers BODY=$KEPT/$BASHPID.$REQUESTS.body
    : >"$HEADERS"
    : >"$BODY"
    STATUS=$(curl -sS --path-as-is --globoff -D "$HEADERS" -o "$BODY" -w '%{http_code}' "${@:1:$#-1}" "$url")
    drop_removed_cookies "$@"
}

# curl 7.88 reads the jar once more before it writes it, and so revives a cookie that the response has removed.
drop_removed_cookies() { # CURL OPTION...
    local name
    while [[ $# -gt 0 && $1 != -c ]]; do shift; done
    [[ $# -gt 0 ]] || return 0
    while read -r name; do
        awk -v name="$name" '$6 != name' "$2" >"$2.new"
        mv "$2.new" "$2"
    done < <(header Set-Cookie | sed -n 's/=.*[; ]Max-Age=0\b.*//p')
}

header() { # NAME: the values, a line each
    tr -d '\r' <"$HEADERS" | sed -n "s/^$1: //Ip"
}

body() { cat "$BODY"; }

json() { # JQ_FILTER: of the last body
    jq -r "$1" "$BODY"
}

cookie() { # JAR NAME_PREFIX: the value
    awk -v name="$2" 'index($6, name) == 1 { print $7 }' "$1"
}

set_cookie() { # JAR NAME VALUE: replaces the value, or adds the cookie
    {
        grep -v "	$2	" "$1" || true
        printf '#HttpOnly_localhost\tFALSE\t/\tTRUE\t%s\t%s\t%s\n' "$(($(date +%s) + 9000))" "$2" "$3"
    } >"$1.new"
    mv "$1.new" "$1"
}

# --- running a program without a server ---

# cgi PROGRAM NAME=VALUE...: runs it with these variables and no others; sets STATUS, HEADERS, BODY and the file ERRORS.
# The words of CGI_WRAPPER go before it.
cgi() {
    note "$1"
    local program=$SITE_CGI_BIN/$1$SITE_CGI_SUFFIX output code=0
    shift
    REQUESTS=$((REQUESTS + 1))
    output=$KEPT/$REQUESTS.output HEADERS=$KEPT/$REQUESTS.headers BODY=$KEPT/$REQUESTS.body
    ERRORS=$KEPT/$REQUESTS.errors
    site_exec "${CGI_WRAPPER[@]}" env -i "$@" -- "$program" </dev/null >"$output" 2>"$ERRORS" || code=$?
    cat "$ERRORS" >>"$SITE_DIR/logs/error.log"
    assert_equal "$code" 0
    cgi_split "$output" || fail "${program##*/} responded with no valid header block: $(head -c 300 "$output")"
}

# RFC 3875, section 6: header lines, each whole and printable, then an empty one, then the body.
cgi_split() { # OUTPUT
    local end LC_ALL=C
    end=$(grep -abm1 $'^\r$' "$1") || return 1
    end=${end%%:*}
    head -c "$end" "$1" >"$HEADERS"
    tail -c +$((end + 3)) "$1" >"$BODY"
    head -n 1 "$HEADERS" | grep -qaxE $'Status: [1-5][0-9][0-9] [ -~]+\r' || return 1
    ! grep -qavxE $'[A-Za-z-]+: [ -~]*\r' "$HEADERS" || return 1
    STATUS=$(sed -n '1s/^Status: \([0-9]*\) .*/\1/p' "$HEADERS")
}

repeat() { # TEXT COUNT
    printf "%0$2d" 0 | sed "s/0/$1/g"
}

# A query that is longer than any program takes.
too_long() {
    repeat x $(($(bound QUERY_STRING_MAX) + 1))
}
