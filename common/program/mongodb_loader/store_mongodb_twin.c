/* SPDX-License-Identifier: MIT */
#include "http/gateway.h"
#include "program/mongodb_loader/store_mongodb_load.h"
#include "program/mongodb_loader/twin.h"
#include "program/program.h"

enum error_code store_mongodb_load(const char *uri, const char *home, struct store **store, struct error *error) {
    (void)uri, (void)store;
    if (gateway_is_fastcgi()) /* in the midst of a connection that the twin could not go on with */
        return error_set(
            error, ERROR_STORE_UNAVAILABLE,
            "this process has no MongoDB: when it started it did not find the config, or could not start "
            "%s/lib/%s. Upload that with mode 755; give CGI_LOGIN_CONFIG to the FastCGI process itself, or "
            "name the product's folder cgi-login; then start it anew",
            home, program_name());
    return twin_take_over(home, error);
}
