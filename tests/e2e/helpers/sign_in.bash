# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: MIT
# Signing in, step by step.

begin() { # JAR [PATH]: starts a login; sets AUTHORIZE
    http -b "$1" -c "$1" "${2:-/auth/instagram}"
    assert_status 302
    AUTHORIZE=$(header Location)
}

decide() { # [PERSON] [approve|refuse]: answers the consent page; sets CALLBACK
    CALLBACK=$(standin_decide "$AUTHORIZE" "$@")
    CALLBACK=${CALLBACK%%#*}
}

finish() { # JAR [CURL OPTION...]: follows CALLBACK; sets LOCATION, without the empty fragment of a success
    http -b "$1" -c "$1" "${@:2}" "$CALLBACK"
    LOCATION=$(header Location)
    LOCATION=${LOCATION%\#}
}

sign_in() { # JAR [PERSON]
    begin "$1"
    decide "${2:-harbour.bakery}"
    finish "$1"
    assert_equal "$LOCATION" "$SITE_URL/profile"
}

profile() { # JAR [CURL OPTION...]: the JSON profile
    http "${AS_JSON[@]}" -b "$1" -c "$1" "${@:2}" /profile
}

query_of() { # URL NAME: the decoded value of each such parameter, a line each
    "$(_site_python)" -c 'import sys, urllib.parse as u
for name, value in u.parse_qsl(u.urlsplit(sys.argv[1]).query, keep_blank_values=True):
    if name == sys.argv[2]: print(value)' "$1" "$2"
}

# Forgets that the provider has failed: visitors would be told so at once.
outage_forget() { rm -rf "${SITE_CONFIG%/*}"/outage-*; }

# How often the stand-in was asked to exchange a code.
token_requests() { standin_state | jq '.requests["POST /oauth/access_token"] // 0'; }
