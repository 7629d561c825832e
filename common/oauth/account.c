/* SPDX-License-Identifier: MIT */
#include "oauth/account.h"

#include "base/json.h"
#include "base/query.h"
#include "base/text.h"
#include "oauth/account_map.h"
#include "oauth/bearer_request.h"
#include "oauth/mapped_value.h"
#include "oauth/provider_response.h"

#include <stdio.h>

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

/* Maps what has been said of the person. */
static enum error_code read_profile(const struct profile_request *request, const struct provider_response *response,
                                    struct account_reading *reading, struct error *error) {
    cJSON *mapped = account_map(&request->fields, response->root, request->token, &reading->groups_cut);
    if (mapped == NULL)
        return error_out_of_memory(error);
    if (json_string(mapped, PROFILE_ID) == NULL) {
        json_free(mapped);
        return refuse_id(request, response, error);
    }
    reading->profile = mapped;
    reading->in_part = account_map_is_in_part(mapped, &request->fields);
    return ERROR_NONE;
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
    url->failed = url->failed || list.failed;
    buffer_free(&list);
}

/* Asks for the profile once. *response is to be freed as provider_response_read says. */
static enum error_code ask(const struct profile_request *request, struct provider_response *response,
                           struct error *error) {
    const struct provider *provider = request->call.provider;
    struct bearer_request bearer = {.provider = provider, .token = request->token};
    struct http_response http = {.status = 0};
    enum error_code code = ERROR_NONE;
    *response = (struct provider_response){.document = NULL};
    build_url(request, &bearer.url);
    if (!bearer_request_make(&bearer, provider->profile_post, provider->profile_headers, provider->profile_form))
        code = error_out_of_memory(error);
    if (code == ERROR_NONE)
        code = http_client_call(request->client, &bearer.http, &http, error);
    if (code == ERROR_NONE)
        code = provider_response_read(&request->call, &http, response, error);
    http_response_free(&http);
    bearer_request_clear(&bearer);
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

/* Makes one object of what the profile endpoint says and, below it, what the ID token says. What the latter says of the
 * e-mail address is about its own. NULL when memory runs out. */
static cJSON *lay_over_claims(const cJSON *claims, const cJSON *root) {
    cJSON *merged = cJSON_Duplicate(claims, true);
    bool whole = merged != NULL;
    if (whole && json_member(root, PROFILE_EMAIL) != NULL)
        cJSON_DeleteItemFromObjectCaseSensitive(merged, PROFILE_EMAIL_VERIFIED);
    for (const cJSON *member = root->child; whole && member != NULL; member = member->next) {
        cJSON_DeleteItemFromObjectCaseSensitive(merged, member->string);
        whole = json_add(merged, member->string, cJSON_Duplicate(member, true));
    }
    if (whole)
        return merged;
    json_free(merged);
    return NULL;
}

/* What userinfo says counts only if it is of the person that the ID token names (OpenID Connect Core 1.0, section
 * 5.3.4). A profile endpoint of the provider's own, which the file names, may have another name for them. */
static enum error_code check_subject(const struct profile_request *request, const struct provider_response *response,
                                     struct error *error) {
    const cJSON *subject = json_member(response->root, "sub");
    const bool is_userinfo = json_member(request->call.provider->settings, "profile_url") == NULL;
    if (subject == NULL ? !is_userinfo : text_equal(subject->valuestring, json_string(request->token->claims, "sub")))
        return ERROR_NONE;
    return provider_response_refuse(&request->call, response, "a profile of somebody else than the ID token (sub)",
                                    error);
}

/* Lays the response over the claims of the ID token: what it lacks they may have. */
static enum error_code join_claims(const struct profile_request *request, struct provider_response *response,
                                   struct error *error) {
    const enum error_code code = check_subject(request, response, error);
    if (code != ERROR_NONE)
        return code;
    cJSON *merged = lay_over_claims(request->token->claims, response->root);
    if (merged == NULL)
        return error_out_of_memory(error);
    json_free(response->document);
    response->document = merged;
    response->root = merged;
    return ERROR_NONE;
}

/* Asks the profile endpoint. */
static enum error_code fetch(struct profile_request *request, struct provider_response *response, struct error *error) {
    enum error_code code = profile_fields_begin(&request->fields, request->call.provider, error);
    if (code == ERROR_NONE)
        code = ask_until_taken(request, response, error);
    return code == ERROR_NONE && request->token->claims != NULL ? join_claims(request, response, error) : code;
}

/* Takes what has come already. An issuer need not have a profile endpoint. */
static enum error_code take(struct profile_request *request, bool from_token, struct provider_response *response,
                            struct error *error) {
    const cJSON *root = from_token ? request->token->profile : request->token->claims;
    request->fields = (struct profile_fields){.provider = request->call.provider};
    request->call.endpoint = from_token ? "token endpoint" : "token endpoint, in the ID token,";
    *response = (struct provider_response){.status = 200, .root = root};
    return root != NULL ? ERROR_NONE
                        : error_set(error, ERROR_PROVIDER, "there is no ID token that the profile could be read from");
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
    enum error_code code = account_is_fetched(provider)
                               ? fetch(&request, &response, error)
                               : take(&request, provider->profile_from == PROFILE_FROM_TOKEN, &response, error);
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

bool account_is_fetched(const struct provider *provider) {
    return provider->profile_from == PROFILE_FROM_URL && provider->profile_url != NULL;
}

void account_reading_clear(struct account_reading *reading) {
    json_free(reading->profile);
    buffer_free_text(reading->remark);
    *reading = (struct account_reading){.profile = NULL};
}
