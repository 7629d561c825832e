/* What the callback is linked with once more (-Wl,--wrap), so that its calls go one after the other: no connection is
 * opened ahead, none beside another, and each call has ended before the next is sent. All else is the callback's own.
 * SPDX-License-Identifier: MIT */
#include "base/deadline.h"
#include "http/http_client.h"

void __wrap_http_client_open(struct http_client *client, const struct http_request *call);
bool __wrap_http_client_connects(struct http_client *client, struct deadline by);
bool __wrap_http_client_ends(struct http_client *client, struct deadline by);

void __wrap_http_client_open(struct http_client *client, const struct http_request *call) {
    (void)client, (void)call;
}

/* To a provider that is next door nothing is opened beside. */
bool __wrap_http_client_connects(struct http_client *client, struct deadline by) {
    (void)client, (void)by;
    return true;
}

bool __wrap_http_client_ends(struct http_client *client, struct deadline by) {
    (void)client, (void)by;
    return true;
}
