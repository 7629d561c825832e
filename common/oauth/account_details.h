/* What is asked beside the profile: for the e-mail address (`email_request`), and for groups (`groups_requests`). Each
 * is a request of its own, with a connection of its own, and all are under way at the same time as the profile's.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_ACCOUNT_DETAILS_H
#define CGI_LOGIN_ACCOUNT_DETAILS_H

#include "config/detail_request.h"
#include "oauth/account.h"
#include "oauth/bearer_request.h"

struct account_detail {
    struct detail_request settings;
    bool is_email;
    struct http_client *client; /* NULL: none of its own could be had */
    struct http_request opening;
    struct bearer_request request; /* made once there is a token */
};

struct account_details {
    const struct provider *provider;
    struct account_detail list[1 + GROUPS_REQUESTS_MAX];
    size_t count;
};

/* Begins, for a login at that provider. To be cleared whatever follows (account_details_clear). */
void account_details_begin(struct account_details *details, const struct provider *provider);

/* Opens the connections, with clients beside `client`, which is the last one in use. Returns the last one then. */
struct http_client *account_details_open(struct account_details *details, struct http_client *client);

/* Sends what wants no more than the token, and does not wait. Connections that are not open yet are opened with clients
 * beside `client`, as above. ERROR_INTERNAL: memory runs out. */
enum error_code account_details_send(struct account_details *details, const struct token *token,
                                     struct http_client *client, struct error *error);

/* Waits for the responses and puts them into the profile of `reading`. `client`, which has asked for that one and has
 * nothing else to do, makes the calls for which there is no client of their own. What cannot be had is not there: no
 * address, no groups, so that rules that want them let nobody in; `remarks` then says why, a line each.
 * ERROR_INTERNAL: memory runs out. */
enum error_code account_details_read(struct account_details *details, const struct token *token,
                                     struct http_client *client, struct account_reading *reading,
                                     struct buffer *remarks, struct error *error);

/* Gives up what is under way, wipes and frees; an empty one, too. */
void account_details_clear(struct account_details *details);

#endif
