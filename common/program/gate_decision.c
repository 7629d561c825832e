/* SPDX-License-Identifier: MIT */
#include "program/gate_decision.h"

#include "program/gate_file.h"
#include "program/session_check.h"
#include "session/gate_judgement.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

/* Reads the session, once. */
static enum error_code need_session(struct context *context, struct gate_decision *decision, struct error *error) {
    if (decision->signed_in)
        return ERROR_NONE;
    const enum error_code code = session_check_read(context, &decision->session, error);
    decision->signed_in = code == ERROR_NONE;
    return code;
}

/* True if the login is older than the rule allows. A clock that was set back makes no login fresh. */
static bool is_too_old(const struct gate_rule *rule, const struct session *session, int64_t now) {
    return rule->reauth != 0 && (now - session->signed_in > rule->reauth || now < session->signed_in);
}

static enum error_code judge_visitor(struct context *context, const char *path, struct gate_decision *decision,
                                     struct error *error) {
    const struct gate_rule *rule = &decision->rule;
    const enum error_code code = need_session(context, decision, error);
    if (code != ERROR_NONE)
        return code;
    if (!gate_judgement_admits(context->config, &decision->session, rule))
        return error_set(error, ERROR_NOT_ALLOWED, "%s: gate[%zu] (%s) does not let this account in", path, rule->index,
                         rule->path);
    decision->is_too_old = is_too_old(rule, &decision->session, context->request->now);
    return decision->is_too_old ? error_set(error, ERROR_NOT_SIGNED_IN, "the login is older than reauth_minutes")
                                : ERROR_NONE;
}

static enum error_code judge(struct context *context, const char *path, struct gate_decision *decision,
                             struct error *error) {
    switch (gate_rules_find(context->config, path, &decision->rule)) {
    case GATE_MATCH_PUBLIC: return ERROR_NONE;
    case GATE_MATCH_RULE: break;
    case GATE_MATCH_NONE:
        return error_set(error, ERROR_NOT_ALLOWED, "%s: no rule of `gate` holds it, so nobody may see it", path);
    case GATE_MATCH_UNDECIDED:
        return error_set(error, ERROR_NOT_FOUND, "%s: gate[%zu] is for %s, and the case of letters differs", path,
                         decision->rule.index, decision->rule.path);
    }
    decision->is_public = false;
    return judge_visitor(context, path, decision, error);
}

/* The web server may be somebody else, who can look where we cannot. */
static enum error_code refuse_unseen(const char *path, size_t len, struct error *error) {
    return error_set(
        error, ERROR_NOT_FOUND,
        "%.*s might be a symbolic link, which the gate cannot see: the folder of it is closed to the account "
        "that the gate runs as",
        (int)len, path);
}

/* Refuses a symbolic link below the rule's path: it could lead out of what is guarded, or into what nobody may see. */
static enum error_code refuse_links(const struct request *request, const char *path, const struct gate_rule *rule,
                                    struct error *error) {
    char file[PATH_MAX];
    struct stat state;
    size_t at = strlen(rule->path);
    if (at >= strlen(path))
        return ERROR_NONE;
    while (path[at] != '\0') {
        at += strspn(path + at, "/");
        at += strcspn(path + at, "/");
        const size_t len = gate_file_name(request, path, at, file);
        if (len >= sizeof file)
            return error_set(error, ERROR_NOT_FOUND, "the path is too long for a file");
        if (len == 0)
            continue;
        if (lstat(file, &state) != 0)
            return errno != EACCES ? ERROR_NONE : refuse_unseen(path, at, error);
        if (S_ISLNK(state.st_mode))
            return error_set(error, ERROR_NOT_FOUND, "%.*s is a symbolic link, which is never followed behind the gate",
                             (int)at, path);
    }
    return ERROR_NONE;
}

static enum error_code decide_path(struct context *context, const char *path, struct gate_decision *decision,
                                   struct error *error) {
    const enum error_code code = judge(context, path, decision, error);
    return code == ERROR_NONE ? refuse_links(context->request, path, &decision->rule, error) : code;
}

enum error_code gate_decide(struct context *context, const struct gate_target *target, struct gate_decision *decision,
                            struct error *error) {
    *decision = (struct gate_decision){.is_public = true};
    enum error_code code = decide_path(context, target->path, decision, error);
    if (code == ERROR_NONE && *target->file_path != '\0')
        code = decide_path(context, target->file_path, decision, error);
    return code;
}

void gate_decision_clear(struct gate_decision *decision) {
    session_clear(&decision->session);
}
