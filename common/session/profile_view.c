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

static void add_counts(cJSON *view, const cJSON *counts) {
    cJSON *list = cJSON_AddArrayToObject(view, "counts");
    for (size_t i = 0; i < sizeof count_labels / sizeof *count_labels; i++) {
        int64_t count;
        char text[48];
        if (!json_integer(json_member(counts, count_labels[i].field), &count) || count < 0)
            continue;
        format_count(count, text, sizeof text);
        cJSON *item = cJSON_CreateObject();
        cJSON_AddStringToObject(item, "text", text);
        cJSON_AddStringToObject(item, "label", count == 1 ? count_labels[i].one : count_labels[i].many);
        cJSON_AddItemToArray(list, item);
    }
}

static const char *account_label(const char *type) {
    if (text_equal(type, "BUSINESS"))
        return "Business account";
    if (text_equal(type, "MEDIA_CREATOR"))
        return "Creator account";
    return text_equal(type, "PERSONAL") ? "Personal account" : NULL;
}

static void add_text(cJSON *view, const char *name, const char *text) {
    if (text != NULL && *text != '\0')
        cJSON_AddStringToObject(view, name, text);
}

static void add_initial(cJSON *view, const char *name) {
    char initial[8] = "?";
    const size_t size = text_character(name, strlen(name));
    if (size != 0) {
        memcpy(initial, name, size);
        initial[size] = '\0';
        if (size == 1)
            initial[0] = (char)toupper((unsigned char)initial[0]);
    }
    cJSON_AddStringToObject(view, "initial", initial);
}

/* Only http and https become a link: a javascript: website stays text. */
static void add_website(cJSON *view, const char *website) {
    struct url url;
    if (website == NULL || *website == '\0')
        return;
    cJSON *item = cJSON_AddObjectToObject(view, "website");
    const bool link = url_parse(website, &url);
    const char *shown = link ? url.host : website;
    struct buffer text = BUFFER_EMPTY;
    /* "example.com/" reads better without the slash. */
    buffer_append(&text, shown, strlen(shown) - (link && strcmp(url.path, "/") == 0));
    cJSON_AddStringToObject(item, "text", buffer_text(&text));
    buffer_free(&text);
    if (link)
        cJSON_AddStringToObject(item, "url", website);
}

/* The bio without the line breaks at its end, which the page would show as empty lines. */
static void add_bio(cJSON *view, const char *bio) {
    struct buffer text = BUFFER_EMPTY;
    size_t len = bio != NULL ? strlen(bio) : 0;
    while (len != 0 && strchr(" \r\n\t", bio[len - 1]) != NULL)
        len--;
    buffer_append(&text, bio, len);
    add_text(view, "bio", buffer_text(&text));
    buffer_free(&text);
}

const char *profile_picture(const cJSON *profile) {
    const char *picture = json_string(profile, "profile_picture");
    return picture != NULL && url_is_secure(picture) ? picture : NULL;
}

cJSON *profile_view(const cJSON *profile, const char *provider_title) {
    const char *username = json_string(profile, "username");
    const char *name = json_string(profile, "full_name");
    if (name == NULL || *name == '\0')
        name = username != NULL && *username != '\0' ? username : json_string(profile, "id");
    if (name == NULL)
        name = "?";
    cJSON *view = cJSON_CreateObject();
    cJSON_AddStringToObject(view, "display_name", name);
    cJSON_AddStringToObject(view, "provider_title", provider_title);
    add_initial(view, name);
    add_text(view, "username", username);
    add_text(view, "picture", profile_picture(profile));
    add_text(view, "account_label", account_label(json_string(profile, "account_type")));
    add_bio(view, json_string(profile, "bio"));
    add_website(view, json_string(profile, "website"));
    add_counts(view, json_member(profile, "counts"));
    cJSON_AddBoolToObject(view, "reconnect", cJSON_IsTrue(json_member(profile, "reconnect")));
    return view;
}
