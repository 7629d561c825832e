/* SPDX-License-Identifier: MIT */
#include "program/provider_logout.h"

#include "base/json.h"
#include "config/provider.h"
#include "config/provider_outline.h"

/* True if there may be such a URL. Of most providers there is none, and their outline is read sooner than all that is
 * known of them. */
static bool may_have_one(const struct config *config, const struct provider_outline *outline) {
    const cJSON *own = json_member(config->providers, outline->name);
    return json_member(own, "issuer") != NULL || json_member(outline->file, "issuer") != NULL ||
           json_member(own, "end_session_url") != NULL || json_member(outline->file, "end_session_url") != NULL;
}

/* Without the ID token, which nobody keeps, the provider knows by its own cookie who it is, and by the client's id
 * where the browser may be sent afterwards (section 2). */
static void append_url(const struct config *config, const struct provider *provider, struct buffer *url) {
    struct buffer home = BUFFER_EMPTY;
    buffer_append_format(&home, "%s%s", config->base_url, config->home_path);
    buffer_append_text(url, provider->end_session_url);
    query_append_to_url(url, "client_id", provider->client_id);
    query_append_to_url(url, "post_logout_redirect_uri", buffer_text(&home));
    url->failed = url->failed || home.failed;
    buffer_free(&home);
}

enum error_code provider_logout_url(struct context *context, const char *name, struct buffer *url, const char **title,
                                    struct error *error) {
    const struct provider_outline *outline;
    const struct provider *provider;
    enum issuer_state state;
    *title = name;
    if (json_member(context->config->providers, name) == NULL)
        return ERROR_NONE; /* it was taken out of the config since */
    enum error_code code = context_outline(context, name, &outline, error);
    if (code != ERROR_NONE || !may_have_one(context->config, outline))
        return code;
    *title = outline->title;
    code = context_provider(context, name, &provider, error);
    if (code == ERROR_NONE)
        code = process_cache_issuer(context->cache, context->config, context->request->now, &state, error);
    if (code == ERROR_CONFIG) {
        response_note(context->response, "logged out here alone, and not at the provider: %s", error->cause);
        return ERROR_NONE;
    }
    if (code == ERROR_NONE && provider->logout_at_provider && provider->end_session_url != NULL)
        append_url(context->config, provider, url);
    return code;
}
