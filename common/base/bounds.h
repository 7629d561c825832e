/* Every size and time limit of the product, and the one name that layers share without including each other.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_BOUNDS_H
#define CGI_LOGIN_BOUNDS_H

/* The environment variable that names the config file. */
#define CONFIG_VARIABLE "CGI_LOGIN_CONFIG"

/* What a client may send. Apache's own limits are 8190 bytes a line; ours are a little lower, so that
 * the response is ours and says what to do. */
#define QUERY_STRING_MAX 7168
#define COOKIE_HEADER_MAX 8000
#define REQUEST_BODY_MAX 6144
#define REQUEST_DISCARDED_MAX 4194304 /* read and dropped of a larger body; who sends more gets no response */
#define ACCEPT_LANGUAGE_MAX 1000      /* a longer header counts as none */
#define ACCEPT_LANGUAGE_RANGES_MAX 32 /* that are read of it */
#define LANGUAGES_TRIED_MAX 8         /* files that are looked for */
#define RETURN_TO_MAX 2048
#define SITE_PATH_MAX 2048      /* of a path behind the gate, decoded */
#define LOCAL_REDIRECT_MAX 8000 /* of path and query; Apache reads lines of a CGI program up to 8,191 bytes */
#define LOGIN_URL_MAX 3000      /* of the login page with the way back: nginx has 4,096 bytes for all headers */
#define VISITOR_VALUE_MAX 1024  /* of what the site's own scripts are told of a person */

/* The largest text that is read as JSON, wherever it comes from. */
#define JSON_TEXT_MAX 1048576

/* What the product reads from its own files. */
#define CONFIG_FILE_MAX 65536
#define TEMPLATE_FILE_MAX 65536
#define LANGUAGE_FILE_MAX 131072
#define LANGUAGE_WORDS_MAX 1000    /* sentences of one language */
#define LANGUAGE_KEY_MAX 63        /* bytes */
#define LANGUAGE_SENTENCE_MAX 2048 /* bytes, as the file has them */
#define LANGUAGE_NAME_MAX 35       /* of a language's tag: RFC 5646, section 4.4.1 */
#define KEYS_MAX 8
#define PROVIDERS_MAX 64
#define SITE_NAME_MAX 60     /* characters */
#define ACCOUNT_HINT_MAX 160 /* likewise */
#define PROVIDER_NAME_MAX 32
#define GATE_RULES_MAX 64
#define SESSION_MINUTES_MAX 576000 /* 400 days, which browsers keep a cookie for at most */
#define CONFIG_MARK_SIZE 9         /* of the text that tells one config from another, with its end */
#define CONFIG_PROBLEMS_MAX 64

/* What a provider may respond with (bytes, milliseconds). */
#define PROVIDER_ANSWER_MAX 262144
#define PROVIDER_CONNECT_TIMEOUT_MS 3000L
#define PROVIDER_TIMEOUT_MS 10000L
#define AUTHORIZATION_STATE_MAX 128
#define AUTHORIZATION_CODE_MAX 4096
#define ACCESS_TOKEN_MAX 16384
#define CALLBACK_PARAMS_MAX 8     /* that are handed on from the callback to the token endpoint */
#define CALLBACK_PARAM_MAX 512    /* bytes of one */
#define CALLBACK_USER_MAX 1024    /* of what a provider posts about the person */
#define CALLBACK_USER_SECONDS 120 /* how long it is on its way from the POST to the GET */
#define PROVIDER_ID_MAX 128
#define SCOPE_MAX 256
#define SCOPES_MAX 64
#define PROFILE_FIELD_MAX 8192
#define PROFILE_LINK_MAX 2048 /* of a profile: its picture, its website */
#define PROFILE_FIELD_NAME_MAX 40
#define PROFILE_FIELDS_MAX 32
#define PROFILE_COUNTS_MAX 16
#define PROVIDER_HEADERS_MAX 8
#define JSON_TEMPLATE_MAX 512
#define EMAIL_MAX 254 /* RFC 5321, section 4.5.3.1.3, without the angle brackets */
#define GROUP_MAX 128
#define GROUPS_REQUESTS_MAX 4
#define GROUPS_MAX 256           /* of one account, in the store */
#define SESSION_GROUPS_MAX 32    /* in the session's cookie */
#define SESSION_GROUPS_BYTES 768 /* of them all, with what JSON puts around them */

/* A token that a provider has signed (JSON Web Token), and the keys that it publishes for that. The clocks of provider
 * and site may differ by the skew. */
#define SIGNED_TOKEN_MAX 16384
#define SIGNED_TOKEN_SKEW_SECONDS 60
#define SUBJECT_MAX 255     /* OpenID Connect Core 1.0, section 2 */
#define SESSION_SID_MAX 255 /* of a session's id at the provider */
#define LOGOUT_TOKEN_ID_MAX 255
#define KEY_SET_KEYS_MAX 64
#define KEY_SET_TRIES_MAX 8 /* of a signature that does not say which key it was made with */
#define CLIENT_KEY_FILE_MAX 16384
#define CLIENT_ASSERTION_SECONDS 300 /* how long what our own key signs is good for */
#define RSA_BITS_LEAST 2048
#define RSA_BITS_MAX 8192

/* What an OpenID Connect issuer publishes: its metadata and its keys (bytes); how old what is kept of them may get
 * before a login looks again, and before it counts no more; and how long one look for a key that is not known keeps the
 * next one off (seconds). */
#define ISSUER_DOCUMENT_MAX 65536
#define ISSUER_FILE_MAX 131072
#define METADATA_OLD_SECONDS 86400
#define METADATA_END_SECONDS 2592000
#define KEYS_OLD_SECONDS 3600
#define KEYS_END_SECONDS 86400
#define KEYS_PAUSE_SECONDS 300
#define KEYS_WAIT_MS 500 /* for newer keys, where those that are kept do */

/* A provider that keeps failing: how many logins in a row, each how many seconds at most after the one before, and for
 * how many seconds it is then left alone. */
#define OUTAGE_FAILURES 3
#define OUTAGE_WINDOW_SECONDS 60
#define OUTAGE_SECONDS 20

/* A bundle of CA certificates (bytes, milliseconds): Mozilla's has some 150 and 230 KB. */
#define CA_BUNDLE_MAX 1048576
#define CA_BUNDLE_TIMEOUT_MS 60000L
#define CA_CERTIFICATES_MAX 1000
#define CA_CERTIFICATES_LEAST 50

/* Lifetimes, in seconds. */
#define PENDING_LOGIN_SECONDS 600
#define PENDING_LOGINS_MAX 4
#define PENDING_COOKIES_MAX 3840       /* bytes of all of them: with a session they fit into COOKIE_HEADER_MAX */
#define LAST_PROVIDER_SECONDS 15552000 /* how long a browser remembers which provider it was: 180 days */
#define FAILED_PROVIDER_SECONDS 60     /* how long it remembers with which one a login has failed */
#define LINK_PERMIT_SECONDS 60         /* from the button that links an account to the way to the provider */
#define LOGIN_CLAIM_SECONDS (PENDING_LOGIN_SECONDS + 60) /* the clocks of several servers may differ by the rest */
#define LOGIN_REPEAT_SECONDS 60 /* after it a login that has been made gives its session to nobody again */
#define LOGIN_OVERDUE_SECONDS 2 /* a claim without an outcome that long after callback_seconds has lost its process */
#define REVOCATION_SECONDS 3    /* how long providers may take to take tokens back */
#define SIGNED_REQUEST_SECONDS 3600      /* how old one may be */
#define SIGNED_REQUEST_AHEAD_SECONDS 300 /* how far ahead of our clock */
#define TOKEN_LEASE_SECONDS 60           /* how long the lease of a run that was killed keeps others off the token */
#define TOKEN_UNKNOWN_LIFE_AGE 86400     /* a token of unknown life is refreshed once it is that old */
#define TOKEN_LIFETIME_MAX 315360000     /* ten years: a larger figure is a point in time, or means "for ever" */
#define SECONDS_PER_MINUTE 60
#define SECONDS_PER_HOUR 3600
#define SECONDS_PER_DAY 86400
#define MILLISECONDS_PER_SECOND 1000

/* All headers of a response: nginx has 4,096 bytes for them and its own bookkeeping, and answers 502 where they do not
 * fit. And how many of them are kept for what a web server adds (Date, Server, Connection and
 * Strict-Transport-Security). */
#define RESPONSE_HEADERS_MAX 4040
#define RESPONSE_SERVER_HEADERS_MAX 200

/* The owner's page: its two codes (characters; 32 hold 128 bits, if each has 16 possibilities), for how long a login is
 * fresh enough for it and a code of the set-up opens it (seconds), and what a wrong code costs: how long its answer
 * takes (milliseconds), how many are free, and for how many seconds at most the next one is then refused. */
#define OWNER_CODE_MIN 32
#define OWNER_CODE_MAX 128
#define OWNER_FRESH_SECONDS 1800
#define SETUP_VISIT_SECONDS 3600
#define WRONG_CODE_MS 500
#define WRONG_CODES_FREE 3
#define WRONG_CODE_PAUSE_MAX 900

/* How long the owner's page asks the site itself, and the providers (milliseconds, each): a web server waits no longer
 * for a program than it is told to, a minute as a rule. */
#define OWNER_CHECK_MS 15000

/* Refreshing tokens by a URL: how many seconds lie between two runs, after how many milliseconds a run begins with no
 * further token, and how old the report of the last one may be before that is told (seconds). */
#define REFRESH_URL_PAUSE_SECONDS 300
#define REFRESH_URL_MS 10000
#define REFRESH_REPORT_OLD_SECONDS 691200

/* A cookie with its name and attributes; browsers drop larger ones (RFC 6265bis, section 5.6). */
#define COOKIE_MAX 4096

/* Above a program so many folders are looked at for the config: ~/domains/shop.example/public_html/sub/cgi-bin has
 * five below the home, a web root that is a link into a folder of releases some more. */
#define CONFIG_ANCESTORS_MAX 10

/* The store. */
#define STORE_BUSY_TIMEOUT_MS 10000
#define STORE_BUSY_PAUSE_MS 5           /* between two tries */
#define STORE_BUSY_LEAST_MS 500         /* at the end of a time that is bounded */
#define STORE_SELECTION_TIMEOUT_MS 3000 /* to find and greet a database server */
#define STORE_SOCKET_TIMEOUT_MS 4000    /* for its response */
#define SESSION_AGENT_MAX 120           /* of what is kept of a session's browser */
#define EXPIRED_SESSIONS_PER_SIGN_IN 20
#define EXPIRED_SESSIONS_PER_REFRESH 10000
#define EXPIRED_LOGINS_PER_CLAIM 20
#define EXPIRED_LOGINS_PER_NEW_USER 1000

/* One line of the error log, its file (bytes; where it cannot be renamed when it is full, it ends at the second
 * figure), and the cause inside an error. */
#define LOG_LINE_MAX 1024
#define LOG_PATH_MAX 128 /* how much of the request's path is in it */
#define LOG_FILE_MAX 1048576
#define LOG_FILE_HARD_MAX 2097152
#define ERROR_CAUSE_MAX 512
#define FILE_FAULT_MAX 512

#endif
