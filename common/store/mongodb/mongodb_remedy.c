/* What the operator can do about an error. It is decided by libmongoc's domains and codes and by the store's URI, never
 * by libmongoc's words, which change with every version.
 * SPDX-License-Identifier: MIT */
#include "store/mongodb/mongodb.h"

void mongodb_note_answer(const mongoc_apm_server_heartbeat_succeeded_t *event) {
    struct mongodb_contact *contact = mongoc_apm_server_heartbeat_succeeded_get_context(event);
    *contact = (struct mongodb_contact){.answered = true};
}

static bool is_unknown_name(const bson_error_t *problem) {
    return problem->domain == MONGOC_ERROR_STREAM && problem->code == MONGOC_ERROR_STREAM_NAME_RESOLUTION;
}

void mongodb_note_failure(const mongoc_apm_server_heartbeat_failed_t *event) {
    struct mongodb_contact *contact = mongoc_apm_server_heartbeat_failed_get_context(event);
    bson_error_t problem;
    mongoc_apm_server_heartbeat_failed_get_error(event, &problem);
    *contact = (struct mongodb_contact){.failed = true, .name_unknown = is_unknown_name(&problem)};
}

static const char HOST_NAME[] = "; check the host's name in `store`";

/* Returns the remedy where no server was taken. libmongoc has one code for all connections that failed, whether the
 * server does not speak TLS, its certificate is not trusted, or nobody listens. */
static const char *selection_remedy(const struct mongodb_facts *facts) {
    const struct mongodb_contact *contact = &facts->contact;
    const bool none_tried = !contact->answered && !contact->failed; /* no name led to a server */
    if (facts->ca_file_is_bad)
        return "; check that tlsCAFile in `store` can be read and holds a CA's certificate";
    if (contact->name_unknown || (facts->srv && none_tried))
        return HOST_NAME;
    if (contact->answered)
        return facts->replica_set ? "; no server that answered is of this replicaSet: correct it in `store`" : "";
    if (facts->tls)
        return "; if it is up: does the server speak TLS, as `store` says? If it does, check the certificate's name "
               "and its CA (tlsCAFile in `store`)";
    return "; if it is up: does the server want TLS (tls=true in `store`)?";
}

const char *mongodb_remedy(const struct mongodb_facts *facts, const bson_error_t *problem) {
    const bool scram = problem->domain == MONGOC_ERROR_SCRAM;
    if (scram && facts->odd_password) /* libmongoc without SASLprep, as static programs may have it */
        return "; these programs take such a password only with authMechanism=SCRAM-SHA-1, or one of ASCII characters";
    if (scram || mongodb_is_server_code(problem, MONGODB_AUTHENTICATION_FAILED) ||
        (problem->domain == MONGOC_ERROR_CLIENT && problem->code == MONGOC_ERROR_CLIENT_AUTHENTICATE))
        return "; check the user, the password and authSource in `store`";
    if (mongodb_is_server_code(problem, MONGODB_UNAUTHORIZED))
        return "; give the database user the role readWrite on this database";
    if (is_unknown_name(problem))
        return HOST_NAME;
    return problem->domain == MONGOC_ERROR_SERVER_SELECTION ? selection_remedy(facts) : "";
}
