/* The names of the fields of stored documents, and of the collections that hold them, each once. They are those of
 * Passport applications on Node.js, and of what is stored already, so they must never change. They are macros, since
 * paths are made of them at compile time: FIELD_TOKEN "." FIELD_EXPIRES_AT.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_DOCUMENT_FIELDS_H
#define CGI_LOGIN_DOCUMENT_FIELDS_H

#include "config/profile_field.h"

/* A user. */
#define FIELD_DOCUMENT_ID "_id" /* of every document: "PROVIDER:ID" of a user that we made */
#define FIELD_CREATED_AT "createdAt"
#define FIELD_LAST_LOGIN_AT "lastLoginAt"
#define FIELD_MERGED_FROM "mergedFrom" /* a list: what is left of the documents of users that became this one */

/* A user whose accounts are set aside until another user has taken them over (MongoDB). */
#define FIELD_MERGING_INTO "mergingInto" /* that other user's FIELD_DOCUMENT_ID */
#define FIELD_MERGING "mergingAccounts"  /* an object: the accounts, each under its provider's name */

/* An account, which lies under the provider's name. */
#define FIELD_ID PROFILE_ID
#define FIELD_USER_ID PROFILE_USER_ID
#define FIELD_ACCESS_TOKEN ACCOUNT_ACCESS_TOKEN
#define FIELD_REFRESH_TOKEN ACCOUNT_REFRESH_TOKEN
#define FIELD_TOKEN ACCOUNT_TOKEN /* an object: what is known of the access token */

/* Under FIELD_TOKEN. */
#define FIELD_OBTAINED_AT "obtainedAt"
#define FIELD_EXPIRES_AT "expiresAt"
#define FIELD_SCOPES "scopes"
#define FIELD_INVALID_SINCE "invalidSince"
#define FIELD_LEASE "renewingUntil" /* until then a run has the lease on the token */

/* A time, in MongoDB's relaxed Extended JSON. */
#define FIELD_DATE "$date"

/* A session, with FIELD_DOCUMENT_ID and FIELD_CREATED_AT; a request has FIELD_DOCUMENT_ID and FIELD_EXPIRES. */
#define FIELD_USER "user" /* the user's FIELD_DOCUMENT_ID */
#define FIELD_PROVIDER "provider"
#define FIELD_EXPIRES "expires"
#define FIELD_AGENT "agent" /* the browser, as the list of sessions shows it; not there where nothing is known */
#define FIELD_SID "sid"     /* the session's id at the provider (OpenID Connect); not there where it has none */

/* The claim of a login, with FIELD_DOCUMENT_ID, the id of its session, and FIELD_EXPIRES. */
#define FIELD_CLAIMED_AT "claimedAt"
#define FIELD_OUTCOME "outcome"     /* once there is one beside a session: the word of an error, or the next */
#define LOGIN_OUTCOME_ENDED "ended" /* the session was ended */

/* The collections of MongoDB. SQLite has tables of the same names, which its statements spell out. The claims of logins
 * are in COLLECTION_REQUESTS, since its index on FIELD_EXPIRES and the right to write to it are there in every database
 * that an older version has set up; in SQLite they have a table of their own, `logins`. */
#define COLLECTION_USERS "users"
#define COLLECTION_SESSIONS "sessions"
#define COLLECTION_REQUESTS "requests"

#endif
