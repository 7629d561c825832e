/* SPDX-License-Identifier: MIT */
#include "gateway.h"
#include "store_mongodb_load.h"
#include "twin.h"

enum error_code store_mongodb_load(const char *uri, const char *home, struct store **store, struct error *error) {
    (void)uri, (void)store;
    if (gateway_is_fastcgi()) /* in the midst of a connection that the twin could not go on with */
        return error_set(error, ERROR_STORE_UNAVAILABLE,
                         "this process has no MongoDB, since it did not find the config when it started: give "
                         "CGI_LOGIN_CONFIG to the FastCGI process itself, or name the product's folder cgi-login");
    return twin_take_over(home, error);
}
