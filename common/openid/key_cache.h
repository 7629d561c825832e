/* An issuer's keys, kept in a file beside the config (issuer_file.h). They are fetched while another call is under way,
 * when what is kept is old; and once more, when a token is signed with a key that is not among them, but not again for
 * some minutes, whatever tokens say.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_KEY_CACHE_H
#define CGI_LOGIN_KEY_CACHE_H

#include "config/config.h"
#include "config/provider.h"
#include "openid/issuer_file.h"
#include "openid/published.h"

struct key_cache {
    const struct config *config;
    const struct provider *provider; /* complete */
    int64_t now;
    struct issuer_document kept;
    struct published asked;
    bool is_late; /* what was asked for was not there in time, and is not waited for */
};

/* Reads what is kept. To be closed whatever comes back. */
enum error_code key_cache_open(struct key_cache *cache, const struct config *config, const struct provider *provider,
                               int64_t now, struct error *error);

/* True if the keys should be asked for. Those that do for a while are not asked for again just after a try. */
bool key_cache_is_old(const struct key_cache *cache);

/* True if there are keys that do where newer ones cannot be had: they are a day old at most. */
bool key_cache_is_usable(const struct key_cache *cache);

/* Asks for the keys, with a client that has nothing else to do, and does not wait. */
void key_cache_ask(struct key_cache *cache, struct http_client *client);

/* Waits for the keys where they were asked for, or asks with `client` where there is no key at all. *keys is a JWK Set
 * and the cache's. Where they cannot be had, or are not there soon, older ones do for a day. */
enum error_code key_cache_take(struct key_cache *cache, struct http_client *client, const cJSON **keys,
                               struct error *error);

/* Fetches them once more, or waits for those that are under way, for a token whose key is not among them: *fetched is
 * false if it has been done just before, or to no avail; then the keys are as they were. */
enum error_code key_cache_fetch_again(struct key_cache *cache, struct http_client *client, const cJSON **keys,
                                      bool *fetched, struct error *error);

/* Keeps what has come late, gives up what is still under way, and frees; an empty one, too. */
void key_cache_close(struct key_cache *cache);

#endif
