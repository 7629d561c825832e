/* SPDX-License-Identifier: MIT */
#include "http/http_transfer.h"

#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

/* What libcurl and OpenSSL need is less than half of it. The default of 8 MB would count against a host's limit of
 * address space. */
enum { STACK_SIZE = 256 * 1024 };

struct http_transfer {
    CURL *curl;
    CURLM *multi; /* has the connections */
    http_completion complete;
    void *context;
    CURLcode result;
    pthread_t thread;
    bool begun; /* there is a thread to be joined */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    /* What follows is looked at and changed under the lock. */
    struct deadline reached[HTTP_OVER + 1]; /* when it came to each stage */
    enum http_stage stage;
    bool may_send;
    bool given_up;
};

/* The condition's clock is the one that deadlines have. */
static bool prepare_lock(struct http_transfer *transfer) {
    pthread_condattr_t attributes;
    if (pthread_condattr_init(&attributes) != 0)
        return false;
    const bool made = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
                      pthread_cond_init(&transfer->changed, &attributes) == 0;
    pthread_condattr_destroy(&attributes);
    if (!made)
        return false;
    if (pthread_mutex_init(&transfer->lock, NULL) == 0)
        return true;
    pthread_cond_destroy(&transfer->changed);
    return false;
}

struct http_transfer *http_transfer_new(void) {
    struct http_transfer *transfer = calloc(1, sizeof *transfer);
    if (transfer == NULL)
        return NULL;
    transfer->curl = curl_easy_init();
    transfer->multi = curl_multi_init();
    if (transfer->curl != NULL && transfer->multi != NULL && prepare_lock(transfer))
        return transfer;
    curl_easy_cleanup(transfer->curl);
    curl_multi_cleanup(transfer->multi);
    free(transfer);
    return NULL;
}

void http_transfer_free(struct http_transfer *transfer) {
    if (transfer == NULL)
        return;
    http_transfer_abandon(transfer);
    curl_easy_cleanup(transfer->curl);
    curl_multi_cleanup(transfer->multi);
    pthread_cond_destroy(&transfer->changed);
    pthread_mutex_destroy(&transfer->lock);
    free(transfer);
}

CURL *http_transfer_handle(const struct http_transfer *transfer) {
    return transfer->curl;
}

/* Called with the lock held. A transfer that fails passes the stages that it leaves out. */
static void reach(struct http_transfer *transfer, enum http_stage stage) {
    const struct deadline now = deadline_in(0);
    while (transfer->stage < stage)
        transfer->reached[++transfer->stage] = now;
    pthread_cond_broadcast(&transfer->changed);
}

static bool is_given_up(struct http_transfer *transfer) {
    pthread_mutex_lock(&transfer->lock);
    const bool given_up = transfer->given_up;
    pthread_mutex_unlock(&transfer->lock);
    return given_up;
}

/* Returns what became of the transfer, once libcurl has said so. */
static CURLcode read_result(const struct http_transfer *transfer) {
    CURLcode result = CURLE_OUT_OF_MEMORY;
    int left;
    for (const CURLMsg *message; (message = curl_multi_info_read(transfer->multi, &left)) != NULL;)
        if (message->msg == CURLMSG_DONE)
            result = message->data.result;
    return result;
}

CURLcode http_transfer_run(struct http_transfer *transfer) {
    enum { LONGEST_SLEEP_MS = 1000 }; /* libcurl wakes up earlier for its timeouts, and when it is given up */
    int running = 0;
    CURLMcode code = curl_multi_add_handle(transfer->multi, transfer->curl);
    do {
        if (code == CURLM_OK)
            code = curl_multi_perform(transfer->multi, &running);
        if (code == CURLM_OK && running > 0)
            code = curl_multi_poll(transfer->multi, NULL, 0, LONGEST_SLEEP_MS, NULL);
    } while (code == CURLM_OK && running > 0 && !is_given_up(transfer));
    const CURLcode result = read_result(transfer);
    curl_multi_remove_handle(transfer->multi, transfer->curl);
    return result;
}

/* Called by libcurl when the connection is up, TLS included, and again if it has to connect anew because a connection
 * that was kept has been closed. */
// NOLINTNEXTLINE(readability-non-const-parameter): libcurl's type of such a function
static int wait_for_leave(void *context, char *remote, char *local, int remote_port, int local_port) {
    struct http_transfer *transfer = context;
    (void)remote, (void)local, (void)remote_port, (void)local_port;
    pthread_mutex_lock(&transfer->lock);
    reach(transfer, HTTP_CONNECTED);
    while (!transfer->may_send && !transfer->given_up)
        pthread_cond_wait(&transfer->changed, &transfer->lock);
    const bool given_up = transfer->given_up;
    pthread_mutex_unlock(&transfer->lock);
    return !given_up && transfer->complete(transfer->context) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

static void *run_thread(void *context) {
    struct http_transfer *transfer = context;
    transfer->result = http_transfer_run(transfer);
    pthread_mutex_lock(&transfer->lock);
    reach(transfer, HTTP_OVER);
    pthread_mutex_unlock(&transfer->lock);
    return NULL;
}

/* glibc gives each thread a heap of its own, which costs time and much address space, for threads that ask for memory
 * all day long. These are not such. */
static void share_heap(void) {
#ifdef M_ARENA_MAX
    mallopt(M_ARENA_MAX, 1);
#endif
}

/* Signals stay the first thread's. */
static bool start_thread(struct http_transfer *transfer) {
    pthread_attr_t attributes;
    sigset_t all, before;
    share_heap();
    if (pthread_attr_init(&attributes) != 0)
        return false;
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const bool started = pthread_create(&transfer->thread, &attributes, run_thread, transfer) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return started;
}

bool http_transfer_begin(struct http_transfer *transfer, http_completion complete, void *context) {
    transfer->complete = complete;
    transfer->context = context;
    transfer->stage = HTTP_CONNECTING;
    transfer->may_send = transfer->given_up = false;
    curl_easy_setopt(transfer->curl, CURLOPT_PREREQFUNCTION, wait_for_leave);
    curl_easy_setopt(transfer->curl, CURLOPT_PREREQDATA, transfer);
    transfer->begun = start_thread(transfer);
    return transfer->begun;
}

static void tell(struct http_transfer *transfer, bool *what) {
    pthread_mutex_lock(&transfer->lock);
    *what = true;
    pthread_cond_broadcast(&transfer->changed);
    pthread_mutex_unlock(&transfer->lock);
}

void http_transfer_send(struct http_transfer *transfer) {
    tell(transfer, &transfer->may_send);
}

bool http_transfer_reaches(struct http_transfer *transfer, enum http_stage stage, struct deadline by) {
    const struct timespec until = deadline_timespec(by.at);
    bool in_time = true;
    pthread_mutex_lock(&transfer->lock);
    while (in_time && transfer->stage < stage)
        in_time = pthread_cond_timedwait(&transfer->changed, &transfer->lock, &until) == 0;
    const bool reached = transfer->stage >= stage && transfer->reached[stage].at <= by.at;
    pthread_mutex_unlock(&transfer->lock);
    return reached;
}

CURLcode http_transfer_end(struct http_transfer *transfer) {
    pthread_join(transfer->thread, NULL);
    transfer->begun = false;
    return transfer->result;
}

void http_transfer_abandon(struct http_transfer *transfer) {
    if (!transfer->begun)
        return;
    tell(transfer, &transfer->given_up);
    curl_multi_wakeup(transfer->multi);
    http_transfer_end(transfer);
    transfer->given_up = false;
}
