/* res_search for static programs. musl before 1.2.4 asks name servers by UDP alone, and an answer of more than 512
 * bytes comes cut: the list of a large MongoDB cluster's servers would be wrong. This asks again by TCP (RFC 1035,
 * 4.2.2). The linker puts it in libmongoc's way: --wrap=res_search.
 * SPDX-License-Identifier: MIT */
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <poll.h>
#include <resolv.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { QUERY_MAX = 512, HEADER_LEN = 12, PATIENCE_MS = 2000, NAME_SERVERS_MAX = 3 };

int __real_res_search(const char *name, int class, int type, unsigned char *answer, int size);
int __wrap_res_search(const char *name, int class, int type, unsigned char *answer, int size);

static bool is_cut(const unsigned char *answer) {
    return (answer[2] & 2) != 0;
}

static bool wait_for(int socket, short events) {
    struct pollfd poll_for = {.fd = socket, .events = events};
    return poll(&poll_for, 1, PATIENCE_MS) == 1;
}

static bool send_all(int socket, const unsigned char *data, size_t len) {
    while (len > 0) {
        const ssize_t sent = wait_for(socket, POLLOUT) ? send(socket, data, len, MSG_NOSIGNAL) : -1;
        if (sent <= 0)
            return false;
        data += sent;
        len -= (size_t)sent;
    }
    return true;
}

static bool receive_all(int socket, unsigned char *data, size_t len) {
    while (len > 0) {
        const ssize_t received = wait_for(socket, POLLIN) ? recv(socket, data, len, 0) : -1;
        if (received <= 0)
            return false;
        data += received;
        len -= (size_t)received;
    }
    return true;
}

static int connect_to(const char *address) {
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    if (getaddrinfo(address, "53", &hints, &found) != 0)
        return -1;
    int connection = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (connection >= 0) {
        connect(connection, found->ai_addr, found->ai_addrlen);
        int problem = 0;
        socklen_t len = sizeof problem;
        if (!wait_for(connection, POLLOUT) || getsockopt(connection, SOL_SOCKET, SO_ERROR, &problem, &len) != 0 ||
            problem != 0) {
            close(connection);
            connection = -1;
        }
    }
    freeaddrinfo(found);
    return connection;
}

/* Returns the answer's whole length, of which `answer` holds what fits, or -1. */
static int ask(const char *address, const unsigned char *query, size_t query_len, unsigned char *answer, int size) {
    const unsigned char prefix[2] = {(unsigned char)(query_len >> 8), (unsigned char)query_len};
    unsigned char answer_prefix[2];
    int len = -1;
    const int connection = connect_to(address);
    if (connection < 0)
        return -1;
    if (send_all(connection, prefix, sizeof prefix) && send_all(connection, query, query_len) &&
        receive_all(connection, answer_prefix, sizeof answer_prefix)) {
        len = answer_prefix[0] << 8 | answer_prefix[1];
        const int wanted = len < size ? len : size;
        if (len < HEADER_LEN || !receive_all(connection, answer, (size_t)wanted) || memcmp(answer, query, 2) != 0 ||
            (answer[3] & 15) != 0)
            len = -1;
    }
    close(connection);
    return len;
}

int __wrap_res_search(const char *name, int class, int type, unsigned char *answer, int size) {
    unsigned char query[QUERY_MAX];
    char line[256], address[64];
    if (size < HEADER_LEN)
        return -1;
    /* Cut down to nothing an answer is no answer to musl, and still says in its head that it was cut. */
    memset(answer, 0, HEADER_LEN);
    int len = __real_res_search(name, class, type, answer, size);
    if (!is_cut(answer))
        return len;
    const int query_len = res_mkquery(0, name, class, type, NULL, 0, NULL, query, sizeof query);
    FILE *servers = query_len > 0 ? fopen("/etc/resolv.conf", "re") : NULL;
    len = -1;
    if (servers != NULL) {
        int asked = 0;
        while (len < 0 && asked < NAME_SERVERS_MAX && fgets(line, sizeof line, servers) != NULL)
            if (sscanf(line, "nameserver %63s", address) == 1) {
                len = ask(address, query, (size_t)query_len, answer, size);
                asked++;
            }
        fclose(servers);
    }
    /* Half a list of servers is worse than none. */
    if (len < 0)
        h_errno = TRY_AGAIN;
    return len;
}
