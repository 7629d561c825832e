/* SPDX-License-Identifier: MIT */
#include "openid/key_cache.h"

#include "base/bounds.h"
#include "base/json.h"

static struct issuer_file file_of(const struct key_cache *cache) {
    return (struct issuer_file){cache->config->state, cache->provider->name, cache->provider->issuer, ISSUER_FILE_KEYS};
}

/* Keys that none can be found in are not kept: they would stand in the way of those that are, or of the next ones. */
static bool is_key_set(const cJSON *document) {
    const cJSON *keys = json_member(document, "keys");
    return cJSON_IsArray(keys) && keys->child != NULL && cJSON_GetArraySize(keys) <= KEY_SET_KEYS_MAX;
}

enum error_code key_cache_open(struct key_cache *cache, const struct config *config, const struct provider *provider,
                               int64_t now, struct error *error) {
    *cache = (struct key_cache){.config = config, .provider = provider, .now = now};
    const struct issuer_file file = file_of(cache);
    const enum error_code code = issuer_file_read(&file, &cache->kept, error);
    if (cache->kept.document != NULL && !is_key_set(cache->kept.document)) {
        json_free(cache->kept.document);
        cache->kept.document = NULL;
    }
    return code;
}

/* True if that was longer ago, or will be: then the clock was set back. */
static bool is_past(int64_t then, int64_t now, int64_t seconds) {
    return then > now || now - then > seconds;
}

bool key_cache_is_usable(const struct key_cache *cache) {
    return cache->kept.document != NULL && !is_past(cache->kept.fetched, cache->now, KEYS_END_SECONDS);
}

bool key_cache_is_old(const struct key_cache *cache) {
    return !key_cache_is_usable(cache) || (is_past(cache->kept.fetched, cache->now, KEYS_OLD_SECONDS) &&
                                           is_past(cache->kept.tried, cache->now, KEYS_PAUSE_SECONDS));
}

void key_cache_ask(struct key_cache *cache, struct http_client *client) {
    cache->asked = (struct published){.what = "issuer's keys"};
    published_ask(&cache->asked, client, cache->provider->jwks_url, "", cache->provider->ca_file);
}

/* Takes over the keys that were fetched; NULL for none. Where they cannot be kept, the next login fetches them again,
 * and `cgi-login check` tells why. */
static void keep(struct key_cache *cache, cJSON *document) {
    struct error unkept;
    cache->kept.tried = cache->now;
    if (document != NULL) {
        json_free(cache->kept.document);
        cache->kept.document = document;
        cache->kept.fetched = cache->now;
    }
    const struct issuer_file file = file_of(cache);
    if (cache->kept.document != NULL)
        issuer_file_write(&file, &cache->kept, &unkept);
}

/* Waits for the keys. */
static enum error_code fetch(struct key_cache *cache, struct error *error) {
    cJSON *document;
    enum error_code code = published_take(&cache->asked, &document, error);
    if (code == ERROR_NONE && !is_key_set(document)) {
        json_free(document);
        document = NULL;
        code =
            error_set(error, ERROR_PROVIDER, "the issuer's keys, %s: there is no list of 1 to %d keys in the response",
                      cache->asked.request.url, KEY_SET_KEYS_MAX);
    }
    published_close(&cache->asked);
    if (code != ERROR_INTERNAL)
        keep(cache, document);
    return code;
}

/* True if the keys that are kept do, and newer ones are not there soon: a host that is slow to tell its keys would take
 * the time that the rest of the login needs. */
static bool is_late(const struct key_cache *cache) {
    return key_cache_is_usable(cache) && !http_client_ends(cache->asked.client, deadline_in(KEYS_WAIT_MS));
}

enum error_code key_cache_take(struct key_cache *cache, struct http_client *client, const cJSON **keys,
                               struct error *error) {
    enum error_code code = ERROR_NONE;
    const bool last_resort = key_cache_is_usable(cache);
    if (key_cache_is_old(cache)) {
        if (cache->asked.client == NULL)
            key_cache_ask(cache, client);
        cache->is_late = is_late(cache);
        if (!cache->is_late)
            code = fetch(cache, error);
    }
    *keys = cache->kept.document;
    return code != ERROR_INTERNAL && last_resort ? ERROR_NONE : code;
}

enum error_code key_cache_fetch_again(struct key_cache *cache, struct http_client *client, const cJSON **keys,
                                      bool *fetched, struct error *error) {
    *fetched = false;
    if (!cache->is_late) {
        if (!is_past(cache->kept.tried, cache->now, KEYS_PAUSE_SECONDS))
            return ERROR_NONE;
        key_cache_ask(cache, client);
    }
    cache->is_late = false;
    const enum error_code code = fetch(cache, error);
    *fetched = code == ERROR_NONE;
    *keys = cache->kept.document;
    return code == ERROR_INTERNAL ? code : ERROR_NONE;
}

void key_cache_close(struct key_cache *cache) {
    struct error unkept;
    if (cache->is_late && published_is_there(&cache->asked))
        fetch(cache, &unkept);
    else if (cache->is_late)
        keep(cache, NULL);
    published_close(&cache->asked);
    json_free(cache->kept.document);
    cache->kept.document = NULL;
    cache->is_late = false;
}
