/* SPDX-License-Identifier: MIT */
#include "session/profile_view.h"

#include "base/json.h"
#include "base/text.h"
#include "base/url.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct count_label {
    const char *field;
    const char *one;
    const char *many;
};

static const struct count_label count_labels[] = {
    {"media", "post", "posts"}, {"followed_by", "follower", "followers"}, {"follows", "following", "following"}};

/* 1234567 as "1,234,567". */
static void format_count(int64_t count, char *text, size_t size) {
    char digits[32];
    const int len = snprintf(digits, sizeof digits, "%" PRId64, count);
    size_t out = 0;
    for (int i = 0; i < len && out + 2 < size; i++) {
        if (i != 0 && (len - i) % 3 == 0)
            text[out++] = ',';
        text[out++] = digits[i];
    }
    text[out] = '\0';
}

static void add_counts(struct view *view, const cJSON *counts) {
    struct view list = view_list(view, "counts");
    for (size_t i = 0; i < sizeof count_labels / sizeof *count_labels; i++) {
        int64_t count;
        char text[48];
        if (!json_integer(json_member(counts, count_labels[i].field), &count) || count < 0)
            continue;
        format_count(count, text, sizeof text);
        struct view item = view_item(&list);
        view_text(&item, "text", text);
        view_text(&item, "label", count == 1 ? count_labels[i].one : count_labels[i].many);
    }
}

static const char *account_label(const char *type) {
    if (text_equal(type, "BUSINESS"))
        return "Business account";
    if (text_equal(type, "MEDIA_CREATOR"))
        return "Creator account";
    return text_equal(type, "PERSONAL") ? "Personal account" : NULL;
}

static void add_text(struct view *view, const char *name, const char *text) {
    if (text != NULL && *text != '\0')
        view_text(view, name, text);
}

static void add_initial(struct view *view, const char *name) {
    char initial[8] = "?";
    const size_t size = text_character(name, strlen(name));
    if (size != 0) {
        memcpy(initial, name, size);
        initial[size] = '\0';
        if (size == 1)
            initial[0] = (char)toupper((unsigned char)initial[0]);
    }
    view_text(view, "initial", initial);
}

/* Only http and https become a link: a javascript: website stays text. */
static void add_website(struct view *view, const char *website) {
    struct url url;
    if (website == NULL || *website == '\0')
        return;
    struct view item = view_object(view, "website");
    const bool link = url_parse(website, &url);
    const char *shown = link ? url.host : website;
    size_t len = strlen(shown);
    struct buffer text = BUFFER_EMPTY;
    /* "example.com/" reads better without the slash. */
    if (link && strcmp(url.path, "/") == 0)
        len--;
    buffer_append(&text, shown, len);
    view_buffer(&item, "text", &text);
    buffer_free(&text);
    if (link)
        view_text(&item, "url", website);
}

/* The bio without the line breaks at its end, which the page would show as empty lines. */
static void add_bio(struct view *view, const char *bio) {
    struct buffer text = BUFFER_EMPTY;
    size_t len = bio != NULL ? strlen(bio) : 0;
    while (len != 0 && strchr(" \r\n\t", bio[len - 1]) != NULL)
        len--;
    buffer_append(&text, bio, len);
    if (len != 0)
        view_buffer(view, "bio", &text);
    buffer_free(&text);
}

const char *profile_picture(const cJSON *profile) {
    const char *picture = json_string(profile, "profile_picture");
    return picture != NULL && url_is_secure(picture) ? picture : NULL;
}

void profile_view(struct view *view, const cJSON *profile, const char *provider_title) {
    const char *username = json_string(profile, "username");
    const char *name = json_string(profile, "full_name");
    if (name == NULL || *name == '\0')
        name = username != NULL && *username != '\0' ? username : json_string(profile, "id");
    if (name == NULL)
        name = "?";
    view_text(view, "display_name", name);
    view_text(view, "provider_title", provider_title);
    add_initial(view, name);
    add_text(view, "username", username);
    add_text(view, "picture", profile_picture(profile));
    add_text(view, "account_label", account_label(json_string(profile, "account_type")));
    add_bio(view, json_string(profile, "bio"));
    add_website(view, json_string(profile, "website"));
    add_counts(view, json_member(profile, "counts"));
    view_bool(view, "reconnect", cJSON_IsTrue(json_member(profile, "reconnect")));
}
