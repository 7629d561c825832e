/* SPDX-License-Identifier: MIT */
#include "oauth/account.h"

#include "base/json.h"
#include "base/json_pointer.h"
#include "base/query.h"
#include "base/text.h"
#include "config/profile_field.h"
#include "oauth/mapped_value.h"
#include "oauth/profile_fields.h"
#include "oauth/provider_response.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* These functions return false only when memory runs out. For a value that the field cannot hold nothing is added. */

static bool add_text(cJSON *profile, const char *field, const char *text) {
    return strlen(text) >= PROFILE_FIELD_MAX || json_add(profile, field, cJSON_CreateString(text));
}

/* Adds who it is, unless that is nobody. */
static bool add_person(cJSON *profile, const char *field, const cJSON *value) {
    char id[PROVIDER_ID_MAX + 1];
    return !json_identifier(value, id, sizeof id) || !profile_id_is_somebody(id) || add_text(profile, field, id);
}

static bool add_identifier(cJSON *profile, const char *field, const cJSON *value) {
    char text[PROFILE_FIELD_MAX];
    return !json_identifier(value, text, sizeof text) || add_text(profile, field, text);
}

/* Adds a field that the product does not know by name: a text, a number, true or false, as the provider has it. A whole
 * number that a double would round comes as a text (json.h). */
static bool add_further(cJSON *profile, const char *field, const cJSON *value) {
    if (cJSON_IsString(value))
        return add_text(profile, field, value->valuestring);
    if (cJSON_IsNumber(value) ? isfinite(value->valuedouble) : cJSON_IsBool(value))
        return json_add(profile, field, cJSON_Duplicate(value, false));
    return true;
}

/* Adds the counts; null for one that was asked for and that the provider did not give. */
static bool add_counts(cJSON *profile, const cJSON *map, const cJSON *root, const struct profile_fields *asked) {
    cJSON *counts = cJSON_CreateObject();
    bool added = counts != NULL;
    for (const cJSON *entry = map->child; added && entry != NULL; entry = entry->next) {
        int64_t count;
        const bool given =
            json_integer(json_pointer_first(root, entry), &count) && count >= 0 && count <= JSON_EXACT_MAX;
        if (given || profile_fields_ask_for(asked, entry))
            added = json_add(counts, entry->string, given ? cJSON_CreateNumber((double)count) : cJSON_CreateNull());
    }
    if (added && counts->child != NULL)
        return json_add(profile, PROFILE_COUNTS, counts);
    json_free(counts);
    return added;
}

static bool add_email(cJSON *profile, const char *field, const cJSON *value) {
    const char *text = cJSON_GetStringValue(value);
    return text == NULL || !profile_email_is_usable(text) || add_text(profile, field, text);
}

/* Adds the groups, if there are any. */
static bool add_groups(cJSON *profile, const cJSON *entry, const cJSON *root, bool *cut) {
    cJSON *groups = cJSON_CreateArray();
    const bool added = groups != NULL && mapped_groups(entry, root, groups, cut);
    if (added && groups->child != NULL)
        return json_add(profile, PROFILE_GROUPS, groups);
    json_free(groups);
    return added;
}

static bool add_value(cJSON *profile, const char *field, enum profile_kind kind, const cJSON *value) {
    switch (kind) {
    case PROFILE_KIND_ID:
    case PROFILE_KIND_OTHER_ID: return add_person(profile, field, value);
    case PROFILE_KIND_EMAIL: return add_email(profile, field, value);
    case PROFILE_KIND_FURTHER: return add_further(profile, field, value);
    default:
        return cJSON_IsString(value) ? add_text(profile, field, value->valuestring)
                                     : add_identifier(profile, field, value);
    }
}

/* Adds a field that is one value. */
static bool add_found(cJSON *profile, const cJSON *entry, enum profile_kind kind, const cJSON *root) {
    struct mapped_value found;
    const bool added = mapped_value_find(entry, root, profile_value_use(kind), &found) &&
                       add_value(profile, entry->string, kind, found.value);
    mapped_value_clear(&found);
    return added;
}

/* What is known of the e-mail address is added once that one is. */
static bool add_field(cJSON *profile, const cJSON *entry, const cJSON *root, const struct profile_fields *asked,
                      bool *cut) {
    const enum profile_kind kind = profile_field_kind(entry->string);
    switch (kind) {
    case PROFILE_KIND_COUNTS: return add_counts(profile, entry, root, asked);
    case PROFILE_KIND_GROUPS: return add_groups(profile, entry, root, cut);
    case PROFILE_KIND_VERIFIED: return true;
    default: return add_found(profile, entry, kind, root);
    }
}

/* Adds what the provider says of the address that the profile has. Without one, or where it says nothing, null takes
 * away what the store has of an older one. */
static bool add_verified(cJSON *profile, const cJSON *map, const cJSON *root) {
    const cJSON *entry = json_member(map, PROFILE_EMAIL_VERIFIED), *email = json_member(profile, PROFILE_EMAIL);
    if (entry == NULL || email == NULL)
        return true;
    const enum mapped_truth truth = cJSON_IsString(email) ? mapped_truth(entry, root) : TRUTH_UNKNOWN;
    return json_add(profile, PROFILE_EMAIL_VERIFIED,
                    truth == TRUTH_UNKNOWN ? cJSON_CreateNull() : cJSON_CreateBool(truth == TRUTH_YES));
}

/* False for the counts, which are looked at one by one, and for what is known of the e-mail address. */
static bool stands_alone(const cJSON *entry) {
    const enum profile_kind kind = profile_field_kind(entry->string);
    return kind != PROFILE_KIND_COUNTS && kind != PROFILE_KIND_VERIFIED;
}

/* Adds null for each field of the map that was asked for and that the profile lacks. */
static bool add_missing(cJSON *profile, const cJSON *map, const struct profile_fields *asked) {
    bool added = true;
    for (const cJSON *entry = map->child; added && entry != NULL; entry = entry->next)
        if (json_member(profile, entry->string) == NULL && stands_alone(entry) && profile_fields_ask_for(asked, entry))
            added = json_add(profile, entry->string, cJSON_CreateNull());
    return added;
}

/* True if `object`, the profile or its counts, lacks the entry, which was not asked for. */
static bool lacks(const cJSON *object, const cJSON *entry, const struct profile_fields *asked) {
    return json_member(object, entry->string) == NULL && !profile_fields_ask_for(asked, entry);
}

/* True if the profile lacks a field of the map that was not asked for. */
static bool is_in_part(const cJSON *profile, const cJSON *map, const struct profile_fields *asked) {
    const cJSON *counts = json_member(map, PROFILE_COUNTS);
    for (const cJSON *entry = map->child; entry != NULL; entry = entry->next)
        if (stands_alone(entry) && lacks(profile, entry, asked))
            return true;
    for (const cJSON *entry = counts != NULL ? counts->child : NULL; entry != NULL; entry = entry->next)
        if (lacks(json_member(profile, PROFILE_COUNTS), entry, asked))
            return true;
    return false;
}

/* Makes the profile of the fields that the map names. NULL when memory runs out. */
static cJSON *map_profile(const struct profile_fields *asked, const cJSON *root, const struct token *token,
                          bool *groups_cut) {
    const cJSON *map = asked->provider->profile;
    cJSON *mapped = cJSON_CreateObject();
    bool added = mapped != NULL;
    for (const cJSON *entry = map->child; added && entry != NULL; entry = entry->next)
        added = add_field(mapped, entry, root, asked, groups_cut);
    if (added && token->user_id[0] != '\0' && json_string(mapped, PROFILE_USER_ID) == NULL)
        added = add_text(mapped, PROFILE_USER_ID, token->user_id);
    if (added && add_missing(mapped, map, asked) && add_verified(mapped, map, root))
        return mapped;
    json_free(mapped);
    return NULL;
}

/* What all requests for one profile share. */
struct profile_request {
    struct http_client *client;
    const struct token *token;
    struct profile_fields fields; /* what is asked for */
    struct provider_call call;
};

/* Refuses a response without an id, and says what stands in its place. */
static enum error_code refuse_id(const struct profile_request *request, const struct provider_response *response,
                                 struct error *error) {
    char id[PROVIDER_ID_MAX + 1], problem[PROVIDER_ID_MAX + 64];
    struct mapped_value found;
    if (!mapped_value_find(request->call.wanted, response->root, JSON_TEMPLATE_ID, &found))
        return error_out_of_memory(error);
    if (json_identifier(found.value, id, sizeof id))
        snprintf(problem, sizeof problem, "no usable id: \"%s\" stands for nobody", id);
    else
        snprintf(problem, sizeof problem, "no usable id: expected a text or whole number of at most %d characters",
                 PROVIDER_ID_MAX);
    mapped_value_clear(&found);
    return provider_response_refuse(&request->call, response, problem, error);
}

static enum error_code read_profile(const struct profile_request *request, const struct provider_response *response,
                                    struct account_reading *reading, struct error *error) {
    cJSON *mapped = map_profile(&request->fields, response->root, request->token, &reading->groups_cut);
    if (mapped == NULL)
        return error_out_of_memory(error);
    if (json_string(mapped, PROFILE_ID) == NULL) {
        json_free(mapped);
        return refuse_id(request, response, error);
    }
    reading->profile = mapped;
    reading->in_part = is_in_part(mapped, request->call.provider->profile, &request->fields);
    return ERROR_NONE;
}

/* What userinfo says counts only if it is of the person that the ID token names (OpenID Connect Core 1.0, section 5.3.4).
 * A profile endpoint of the provider's own, which the file names, may have another name for them. */
static enum error_code check_subject(const struct profile_request *request, const struct provider_response *response,
                                     struct error *error) {
    const cJSON *subject = json_member(response->root, "sub");
    const bool is_userinfo = json_member(request->call.provider->settings, "profile_url") == NULL;
    if (subject == NULL ? !is_userinfo : text_equal(subject->valuestring, json_string(request->token->claims, "sub")))
        return ERROR_NONE;
    return provider_response_refuse(&request->call, response, "a profile of somebody else than the ID token (sub)",
                                    error);
}

/* Lays the profile over the claims of the ID token: what it lacks they may have. */
static bool add_claims(const struct profile_request *request, const struct provider_response *response) {
    const cJSON *claims = request->token->claims;
    bool added = true;
    for (const cJSON *claim = claims->child; added && claim != NULL; claim = claim->next)
        if (response->root == response->document && json_member(response->root, claim->string) == NULL)
            added = json_add(response->document, claim->string, cJSON_Duplicate(claim, true));
    return added;
}

static enum error_code join_claims(const struct profile_request *request, const struct provider_response *response,
                                   struct error *error) {
    if (request->token->claims == NULL || response->document == NULL)
        return ERROR_NONE;
    const enum error_code code = check_subject(request, response, error);
    return code != ERROR_NONE || add_claims(request, response) ? code : error_out_of_memory(error);
}

static void build_url(const struct profile_request *request, struct buffer *url) {
    const struct provider *provider = request->call.provider;
    const cJSON *params = provider->profile_params;
    struct buffer list = BUFFER_EMPTY;
    buffer_append_text(url, provider->profile_url);
    if (request->fields.names != NULL)
        profile_fields_append(&request->fields, &list);
    for (const cJSON *item = params != NULL ? params->child : NULL; item != NULL; item = item->next) {
        const bool is_list = request->fields.names != NULL && text_equal(item->string, provider->field_param);
        query_append_to_url(url, item->string, is_list ? buffer_text(&list) : item->valuestring);
    }
    if (!provider->profile_auth_bearer)
        query_append_to_url(url, "access_token", secret_text(request->token->access_token));
    url->failed = url->failed || list.failed;
    buffer_free(&list);
}

/* Asks for the profile once. *response is to be freed as provider_response_read says. */
static enum error_code ask(const struct profile_request *request, struct provider_response *response,
                           struct error *error) {
    const struct provider *provider = request->call.provider;
    struct buffer url = BUFFER_EMPTY;
    struct http_response http = {.status = 0};
    *response = (struct provider_response){.document = NULL};
    build_url(request, &url);
    const struct http_request call = {
        .url = buffer_text(&url),
        .bearer = provider->profile_auth_bearer ? secret_text(request->token->access_token) : NULL,
        .ca_file = provider->ca_file};
    enum error_code code =
        url.failed ? error_out_of_memory(error) : http_client_call(request->client, &call, &http, error);
    if (code == ERROR_NONE)
        code = provider_response_read(&request->call, &http, response, error);
    http_response_free(&http);
    buffer_free(&url);
    return code;
}

/* Asks again, for fewer fields, as long as one is refused. */
static enum error_code ask_until_taken(struct profile_request *request, struct provider_response *response,
                                       struct error *error) {
    enum error_code code = ask(request, response, error);
    while (code == ERROR_FIELD_REFUSED) {
        code = profile_fields_shorten(&request->fields, provider_response_words(response->document), error);
        json_free(response->document);
        response->document = NULL;
        if (code != ERROR_NONE)
            return code;
        code = ask(request, response, error);
    }
    return code;
}

enum error_code account_read(struct http_client *client, const struct provider *provider, const struct token *token,
                             struct account_reading *reading, struct error *error) {
    const char *const secrets[] = {secret_text(token->access_token), secret_text(provider->client_secret), NULL};
    struct profile_request request = {.client = client,
                                      .token = token,
                                      .call = {.provider = provider,
                                               .endpoint = "profile endpoint",
                                               .wanted = json_member(provider->profile, PROFILE_ID),
                                               .secrets = secrets,
                                               .refused = provider->field_refused}};
    struct provider_response response = {.document = NULL};
    *reading = (struct account_reading){.profile = NULL};
    enum error_code code = profile_fields_begin(&request.fields, provider, error);
    /* An issuer need not have a profile endpoint. */
    if (code == ERROR_NONE && provider->profile_url == NULL)
        response.root = token->claims;
    else if (code == ERROR_NONE)
        code = ask_until_taken(&request, &response, error);
    if (code == ERROR_NONE)
        code = join_claims(&request, &response, error);
    if (code == ERROR_NONE)
        code = read_profile(&request, &response, reading, error);
    if (code == ERROR_NONE && request.fields.refusals != 0 &&
        (reading->remark = profile_fields_remark(&request.fields)) == NULL)
        code = error_out_of_memory(error);
    if (code != ERROR_NONE)
        account_reading_clear(reading);
    json_free(response.document);
    profile_fields_clear(&request.fields);
    return code;
}

void account_reading_clear(struct account_reading *reading) {
    json_free(reading->profile);
    buffer_free_text(reading->remark);
    *reading = (struct account_reading){.profile = NULL};
}
