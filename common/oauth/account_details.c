/* SPDX-License-Identifier: MIT */
#include "oauth/account_details.h"

#include "base/json.h"
#include "base/placeholder.h"
#include "base/query.h"
#include "config/profile_field.h"
#include "oauth/detail_map.h"
#include "oauth/provider_body.h"
#include "oauth/provider_response.h"

static void add(struct account_details *details, const cJSON *written, const struct setting *table, bool is_email) {
    struct account_detail *detail = &details->list[details->count];
    *detail = (struct account_detail){.settings = detail_request_read(written, table), .is_email = is_email};
    /* A list that is in the profile has been read with it. */
    if (detail->settings.url != NULL)
        details->count++;
}

void account_details_begin(struct account_details *details, const struct provider *provider) {
    const cJSON *groups = provider->groups_requests;
    *details = (struct account_details){.provider = provider};
    if (provider->email_request != NULL)
        add(details, provider->email_request, email_request_settings, true);
    for (const cJSON *item = groups != NULL ? groups->child : NULL;
         item != NULL && details->count < sizeof details->list / sizeof *details->list; item = item->next)
        add(details, item, groups_request_settings, false);
}

struct http_client *account_details_open(struct account_details *details, struct http_client *client) {
    for (struct account_detail *detail = details->list; detail < details->list + details->count; detail++) {
        struct http_client *beside = http_client_beside(client);
        if (beside == NULL)
            break;
        detail->client = client = beside;
        detail->opening = (struct http_request){.url = detail->settings.url, .ca_file = details->provider->ca_file};
        http_client_open(beside, &detail->opening);
    }
    return client;
}

/* Makes the request. `id` is the account's, or NULL as long as it is not known. False when memory runs out. */
static bool make(const struct account_details *details, struct account_detail *detail, const struct token *token,
                 const char *id) {
    struct buffer encoded = BUFFER_EMPTY;
    detail->request.provider = details->provider;
    detail->request.token = token;
    query_append_encoded(&encoded, id != NULL ? id : "");
    const struct placeholder names[] = {{DETAIL_ID, buffer_text(&encoded)}, {NULL, NULL}};
    placeholder_expand(&detail->request.url, detail->settings.url, names);
    const bool made = bearer_request_make(&detail->request, false, detail->settings.headers, NULL) && !encoded.failed;
    buffer_free(&encoded);
    return made;
}

/* Makes the request and sends it, without waiting. Where the client has no connection open, it is opened. */
static bool send_detail(const struct account_details *details, struct account_detail *detail, const struct token *token,
                        const char *id) {
    if (!make(details, detail, token, id))
        return false;
    if (detail->client == NULL)
        return true; /* it is called when its turn comes */
    if (detail->opening.url == NULL)
        http_client_open(detail->client, &detail->request.http);
    http_client_send(detail->client, &detail->request.http);
    return true;
}

enum error_code account_details_send(struct account_details *details, const struct token *token,
                                     struct http_client *client, struct error *error) {
    for (struct account_detail *detail = details->list; detail < details->list + details->count; detail++) {
        if (detail->client == NULL && (detail->client = http_client_beside(client)) != NULL)
            client = detail->client;
        if (!detail_request_wants_id(&detail->settings) && !send_detail(details, detail, token, NULL))
            return error_out_of_memory(error);
    }
    return ERROR_NONE;
}

/* Makes the call, of which the first part may be over. *document becomes the response (json_free), or NULL where the
 * provider knows of nothing there: an account that is no member of something has no page about that. */
static enum error_code call_detail(const struct account_details *details, struct account_detail *detail,
                                   const struct token *token, struct http_client *client, cJSON **document,
                                   struct error *error) {
    enum { NOT_FOUND = 404 };
    const char *const secrets[] = {secret_text(token->access_token), secret_text(details->provider->client_secret),
                                   NULL};
    const struct provider_call what = {.provider = details->provider,
                                       .endpoint = detail->is_email ? "endpoint of email_request"
                                                                    : "endpoint of groups_requests",
                                       .secrets = secrets};
    struct http_response http = {.status = 0};
    struct provider_response response = {.document = NULL};
    enum error_code code =
        http_client_call(detail->client != NULL ? detail->client : client, &detail->request.http, &http, error);
    if (code == ERROR_NONE && (http.status != NOT_FOUND || detail->is_email))
        code = provider_response_read(&what, &http, &response, error);
    *document = response.document;
    http_response_free(&http);
    return code;
}

/* Waits for one response, and puts it into the profile. Whatever fails but memory is told in `remarks`. */
static enum error_code read_detail(const struct account_details *details, struct account_detail *detail,
                                   const struct token *token, struct http_client *client,
                                   struct account_reading *reading, struct buffer *remarks, struct error *error) {
    cJSON *document = NULL;
    const enum error_code code = call_detail(details, detail, token, client, &document, error);
    if (code == ERROR_INTERNAL)
        return code;
    if (code != ERROR_NONE)
        buffer_append_format(remarks, "%s%s, so that the account has %s", remarks->len != 0 ? "\n" : "", error->cause,
                             detail->is_email ? "no e-mail address" : "no groups from there");
    const bool mapped = detail->is_email
                            ? detail_map_email(&detail->settings, document, reading->profile)
                            : detail_map_groups(&detail->settings, document, reading->profile, &reading->groups_cut);
    json_free(document);
    return mapped && !remarks->failed ? ERROR_NONE : error_out_of_memory(error);
}

/* An empty list of groups is none: null takes away what the store has. */
static bool drop_empty_groups(cJSON *profile) {
    const cJSON *groups = json_member(profile, PROFILE_GROUPS);
    if (!cJSON_IsArray(groups) || groups->child != NULL)
        return true;
    cJSON_DeleteItemFromObjectCaseSensitive(profile, PROFILE_GROUPS);
    return json_add(profile, PROFILE_GROUPS, cJSON_CreateNull());
}

enum error_code account_details_read(struct account_details *details, const struct token *token,
                                     struct http_client *client, struct account_reading *reading,
                                     struct buffer *remarks, struct error *error) {
    enum error_code code = ERROR_NONE;
    const char *id = json_string(reading->profile, PROFILE_ID);
    for (size_t i = 0; i < details->count; i++)
        if (detail_request_wants_id(&details->list[i].settings) && !send_detail(details, &details->list[i], token, id))
            return error_out_of_memory(error);
    for (size_t i = 0; code == ERROR_NONE && i < details->count; i++)
        code = read_detail(details, &details->list[i], token, client, reading, remarks, error);
    if (code == ERROR_NONE && !drop_empty_groups(reading->profile))
        code = error_out_of_memory(error);
    return code;
}

void account_details_clear(struct account_details *details) {
    for (struct account_detail *detail = details->list; detail < details->list + details->count; detail++) {
        if (detail->client != NULL)
            http_client_abandon(detail->client);
        bearer_request_clear(&detail->request);
    }
    details->count = 0;
}
