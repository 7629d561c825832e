/* SPDX-License-Identifier: MIT */
#include "config/allow.h"
#include "config/detail_request.h"
#include "config/provider.h"
#include "config/settings.h"

#include "base/json.h"
#include "base/text.h"

#define TEXT_AT(member) SETTING_AT(struct provider, const char *, member)
#define NUMBER_AT(member) SETTING_AT(struct provider, int64_t, member)
#define BOOLEAN_AT(member) SETTING_AT(struct provider, bool, member)
#define JSON_AT(member) SETTING_AT(struct provider, const cJSON *, member)
#define WORD_AT(member) SETTING_AT(struct provider, int, member)

static bool needs_key(const cJSON *provider) {
    return text_equal(json_string(provider, "token_auth"), "private_key_jwt") ||
           json_member(provider, "client_secret_jwt") != NULL;
}

static bool needs_secret(const cJSON *provider) {
    return !text_equal(json_string(provider, "token_auth"), "none") && !needs_key(provider);
}

static bool wants_profile_url(const cJSON *provider) {
    const char *from = json_string(provider, "profile_from");
    return from == NULL || text_equal(from, "profile_url");
}

/* A standard response names the lifetime of its token (RFC 6749, section 5.1); `token_lifetime` is for a provider whose
 * responses do not. */
// clang-format off
static const struct setting long_lived_settings[] = {
    {.key = "url", .type = SETTING_URL, .required = true,
     .offset = TEXT_AT(long_lived_url), .example = "\"https://graph.instagram.com/access_token\"",
     .meaning = "where a short-lived token is exchanged for a long-lived one"},
    {.key = "grant_type", .type = SETTING_TEXT, .required = true,
     .offset = TEXT_AT(long_lived_grant), .example = "\"ig_exchange_token\"",
     .meaning = "what is asked for there"},
    {.key = "token_lifetime", .type = SETTING_SECONDS, .minimum = 1, .maximum = INT32_MAX, .otherwise = "not known",
     .offset = NUMBER_AT(long_lived_lifetime), .example = "5184000",
     .meaning = "how long a long-lived token lives, where the response does not say"},
    {0}};

static const struct setting refresh_settings[] = {
    {.key = "url", .type = SETTING_URL, .otherwise = "`token_url`",
     .offset = TEXT_AT(refresh_url), .example = "\"https://graph.instagram.com/refresh_access_token\"",
     .meaning = "where a token is refreshed"},
    {.key = "grant_type", .type = SETTING_TEXT, .text = "refresh_token",
     .offset = TEXT_AT(refresh_grant), .example = "\"ig_refresh_token\"",
     .meaning = "`\"refresh_token\"`: with a refresh token, as RFC 6749 has it. Anything else: with the token itself, "
                "as Instagram has it"},
    {.key = "min_age_seconds", .type = SETTING_SECONDS, .minimum = 0, .maximum = 31536000, .number = 0,
     .offset = NUMBER_AT(refresh_min_age), .example = "86400",
     .meaning = "a younger token is not refreshed"},
    {.key = "token_lifetime", .type = SETTING_SECONDS, .minimum = 1, .maximum = INT32_MAX, .otherwise = "not known",
     .offset = NUMBER_AT(refresh_lifetime), .example = "5184000",
     .meaning = "how long a refreshed token lives, where the response does not say"},
    {0}};

static const struct setting error_code_settings[] = {
    {.key = "too_many_calls", .type = SETTING_CODE_LIST, .otherwise = "status 429 alone",
     .offset = JSON_AT(too_many_calls), .example = "[4, 17]",
     .meaning = "codes of errors that a pause mends"},
    {.key = "token_dead", .type = SETTING_CODE_LIST, .otherwise = "`invalid_grant` alone",
     .offset = JSON_AT(token_dead), .example = "[190]",
     .meaning = "codes of errors that only a new login mends"},
    {0}};

static const struct setting field_list_settings[] = {
    {.key = "param", .type = SETTING_TEXT, .required = true,
     .offset = TEXT_AT(field_param), .example = "\"fields\"",
     .meaning = "which of `profile_params` lists the fields that are asked for, with commas between them"},
    {.key = "least", .type = SETTING_TEXT, .required = true,
     .offset = TEXT_AT(field_least), .example = "\"id,username\"",
     .meaning = "the list that does for a sign-in"},
    {.key = "refused_codes", .type = SETTING_CODE_LIST, .required = true,
     .offset = JSON_AT(field_refused), .example = "[100]",
     .meaning = "codes of errors by which the whole profile is refused for one field. It is asked for again, without "
                "that field or with the least"},
    {.key = "named_after", .type = SETTING_TEXT_LIST, .otherwise = "the least fields are asked for at once",
     .offset = JSON_AT(field_named_after), .example = "[\"nonexisting field (\"]",
     .meaning = "what stands before the field's name in the text of such an error"},
    {0}};

/* What people do at the provider before anybody can log in with it; `cgi-login providers add` walks through it. */
static const struct setting register_settings[] = {
    {.key = "url", .type = SETTING_URL, .otherwise = "the provider is a server of one's own, which has the place",
     .offset = TEXT_AT(register_url), .example = "\"https://developers.facebook.com/apps\"",
     .meaning = "where an app is registered"},
    {.key = "steps", .type = SETTING_TEXT_LIST, .required = true,
     .offset = JSON_AT(register_steps), .example = "[\"Put {callback_url} under OAuth redirect URIs.\"]",
     .what = "a list of texts, in which {callback_url}, {base_url} and {name} stand for what is yours",
     .meaning = "what to do there"},
    {.key = "id_name", .type = SETTING_TEXT, .text = "Client ID",
     .offset = TEXT_AT(id_name), .example = "\"Instagram app ID\"",
     .meaning = "what `client_id` is called there"},
    {.key = "secret_name", .type = SETTING_TEXT, .text = "Client secret",
     .offset = TEXT_AT(secret_name), .example = "\"Instagram app secret\"",
     .meaning = "what `client_secret` is called there"},
    {.key = "address", .type = SETTING_URL, .otherwise = "the file has no need of one",
     .offset = TEXT_AT(address), .example = "\"https://mastodon.example\"",
     .meaning = "what the address looks like that is each owner's own, where the provider is a server of one's own"},
    {0}};

static const struct setting id_token_settings[] = {
    {.key = "nonce", .type = SETTING_BOOLEAN, .number = 1,
     .offset = BOOLEAN_AT(id_token_nonce), .example = "false",
     .meaning = "whether the provider repeats the nonce in the ID token, as the standard has it"},
    {.key = "algorithms", .type = SETTING_TEXT_LIST, .otherwise = "all of these but HS256",
     .offset = JSON_AT(id_token_algorithms), .example = "[\"RS256\"]",
     .what = "a list of RS256, PS256, ES256, ES384 and EdDSA, or HS256 alone",
     .meaning = "which signatures of an ID token are taken. `[\"HS256\"]`: the client secret signs, as LINE has it, "
                "and no published key is looked at"},
    {.key = "issuer", .type = SETTING_TEXT, .otherwise = "`issuer`",
     .offset = TEXT_AT(id_token_issuer), .example = "\"https://login.example.com/{tenantid}/v2.0\"",
     .meaning = "the issuer that an ID token names; `{tenantid}` stands for the token's own `tid`"},
    {0}};

static const struct setting client_key_settings[] = {
    {.key = "file", .type = SETTING_FILE, .required = true,
     .offset = TEXT_AT(client_key_file), .example = "\"/home/you/cgi-login/AuthKey_ABC123DEFG.p8\"",
     .what = "the absolute path of a PEM file outside the web root, mode 600",
     .meaning = "the private key: on P-256 or P-384, Ed25519, or RSA of at least 2048 bits"},
    {.key = "id", .type = SETTING_TEXT, .otherwise = "none is named",
     .offset = TEXT_AT(client_key_id), .example = "\"ABC123DEFG\"",
     .meaning = "what the provider calls the key: Apple's Key ID, the `kid` of the public key"},
    {.key = "issuer", .type = SETTING_TEXT, .otherwise = "`client_id`",
     .offset = TEXT_AT(client_key_issuer), .example = "\"DEF123GHIJ\"",
     .meaning = "who signs: Apple's Team ID"},
    {0}};

static const struct setting client_secret_jwt_settings[] = {
    {.key = "audience", .type = SETTING_URL, .required = true,
     .offset = TEXT_AT(client_secret_audience), .example = "\"https://appleid.apple.com\"",
     .meaning = "whom the text is for that `client_key` signs, and that is sent in the place of the secret"},
    {0}};

static const struct setting response_ok_settings[] = {
    {.key = "pointer", .type = SETTING_POINTER_OR_LIST, .required = true,
     .offset = JSON_AT(ok_pointer), .example = "\"/resultcode\"",
     .meaning = "where a response with the status of a success says whether it is one"},
    {.key = "equals", .type = SETTING_SCALAR, .required = true,
     .offset = JSON_AT(ok_equals), .example = "\"00\"",
     .meaning = "what stands there then. A response without the place is judged by the rest of it"},
    {0}};

const struct setting provider_settings[] = {
    {.key = "client_id", .type = SETTING_TEXT, .required = true, .config_only = true,
     .offset = TEXT_AT(client_id), .example = "\"1029384756102938\"",
     .what = "the app's id, from the provider's dashboard",
     .meaning = "the app's id"},
    {.key = "client_secret", .type = SETTING_TEXT, .required = true, .needed = needs_secret, .config_only = true,
     .example = "\"0f3c…\"",
     .what = "the app's secret, from the provider's dashboard",
     .meaning = "the app's secret; none where `token_auth` is `\"none\"`, or `client_key` is in its place"},
    {.key = "client_key", .type = SETTING_OBJECT, .required = true, .needed = needs_key, .config_only = true,
     .members = client_key_settings,
     .example = "{\"file\": \"/home/you/cgi-login/AuthKey_ABC123DEFG.p8\", \"id\": \"ABC123DEFG\"}",
     .what = "an object with file, and id and issuer as the provider wants them"},
    {.key = "callback_url", .type = SETTING_URL, .config_only = true, .otherwise = "`base_url` + `/auth/NAME/callback`",
     .example = "\"https://www.example.com/auth/instagram/callback\"",
     .meaning = "the redirect URI, as registered"},
    {.key = "allow", .type = SETTING_RULES, .members = allow_settings, .config_only = true, .otherwise = "everybody",
     .example = "[\"harbour.bakery\", \"17841405793187218123\"]",
     .what = "a list of usernames and ids, or an object of rules",
     .meaning = "nobody else gets in with this provider. Ids are safer: usernames change hands"},
    {.key = "preset", .type = SETTING_TEXT, .config_only = true, .otherwise = "the provider's name",
     .example = "\"instagram\"",
     .what = "the name of a file in providers/, without .json",
     .meaning = "the file to start from"},
    {.key = "instance", .type = SETTING_URL, .otherwise = "none, or required where the file has `$instance`",
     .example = "\"https://mastodon.social\"",
     .what = "the https address of a server",
     .meaning = "the server, of a provider that runs on many: what `$instance` stands for in the file's texts"},
    {.key = "ca_file", .type = SETTING_FILE, .config_only = true, .otherwise = "none",
     .offset = TEXT_AT(ca_file), .example = "\"/home/you/ca.pem\"",
     .what = "the absolute path of a PEM file",
     .meaning = "one more CA to trust for this provider"},
    {.key = "title", .type = SETTING_TEXT, .required = true, .unless = "issuer",
     .offset = TEXT_AT(title), .example = "\"Instagram\"",
     .what = "the name people know",
     .meaning = "the name on the button"},
    {.key = "mark", .type = SETTING_LOCAL_PATH, .otherwise = "the first letter of `title`",
     .offset = TEXT_AT(mark), .example = "\"/cgi-login/marks/github.svg\"",
     .meaning = "the picture on the button, on this site"},
    {.key = "account_hint", .type = SETTING_LINE, .maximum = ACCOUNT_HINT_MAX, .otherwise = "nothing",
     .offset = TEXT_AT(account_hint), .example = "\"Takes professional accounts (business or creator).\"",
     .what = "one line of text, or a key of words (`account_hint.professional`)",
     .meaning = "what is said beneath the button, such as which of its accounts the provider lets log in"},
    {.key = "appends_fragment", .type = SETTING_BOOLEAN,
     .offset = BOOLEAN_AT(appends_fragment), .example = "true",
     .meaning = "whether the provider's redirect ends in a fragment, such as Instagram's `#_`: the address after the "
                "login gets an end of its own then, `#`, or the browser would keep the provider's"},
    {.key = "authorize_url", .type = SETTING_URL, .required = true, .unless = "issuer",
     .offset = TEXT_AT(authorize_url), .example = "\"https://www.instagram.com/oauth/authorize\"",
     .meaning = "where the browser is sent to log in"},
    {.key = "client_id_param", .type = SETTING_TEXT, .text = "client_id",
     .offset = TEXT_AT(client_id_param), .example = "\"client_key\"",
     .meaning = "what the provider calls `client_id`, in that URL and at `token_url`"},
    {.key = "authorize_params", .type = SETTING_TEXT_MAP, .otherwise = "none",
     .offset = JSON_AT(authorize_params), .example = "{\"enable_fb_login\": \"0\"}",
     .meaning = "more parameters for that URL"},
    {.key = "reauth_params", .type = SETTING_TEXT_MAP, .otherwise = "none",
     .offset = JSON_AT(reauth_params), .example = "{\"force_reauth\": \"true\"}",
     .meaning = "more parameters for that URL when `?reauth=1` asks for a fresh login"},
    {.key = "callback_user", .type = SETTING_TEXT, .otherwise = "nothing",
     .offset = TEXT_AT(callback_user), .example = "\"user\"",
     .meaning = "what the provider posts about the person beside the code, with `\"response_mode\": \"form_post\"` in "
                "`authorize_params`: a JSON object, which `profile` finds under this name. It is not signed: take a "
                "name from it, and no address"},
    {.key = "scope", .type = SETTING_TEXT_OR_LIST, .otherwise = "none",
     .example = "[\"instagram_business_basic\"]",
     .meaning = "what is asked for"},
    {.key = "scope_separator", .type = SETTING_TEXT, .text = " ",
     .offset = TEXT_AT(scope_separator), .example = "\",\"",
     .meaning = "what joins the list"},
    {.key = "pkce", .type = SETTING_CHOICE, .choices = {"S256", "none"}, .text = "S256",
     .offset = BOOLEAN_AT(pkce), .example = "\"none\"",
     /* PKCE is the default: a provider that does not know it ignores it (RFC 9700, section 2.1.1; RFC 6749, section
      * 3.1). */
     .meaning = "whether the code is bound to this browser by PKCE (RFC 7636)"},
    {.key = "token_url", .type = SETTING_URL, .required = true, .unless = "issuer",
     .offset = TEXT_AT(token_url), .example = "\"https://api.instagram.com/oauth/access_token\"",
     .meaning = "where the code is exchanged for a token"},
    {.key = "token_auth", .type = SETTING_WORD, .choices = {"basic", "form", "none", "private_key_jwt"}, .text = "form",
     .offset = WORD_AT(token_auth), .example = "\"basic\"",
     .meaning = "how the app proves itself there: by its secret in HTTP Basic, by its secret in the form, not at all, "
                "as a public client with PKCE, or by a text that `client_key` signs (RFC 7523)"},
    {.key = "assertion_audience", .type = SETTING_URL, .otherwise = "`token_url`",
     .offset = TEXT_AT(assertion_audience), .example = "\"https://issuer.example\"",
     .meaning = "whom the text of `\"private_key_jwt\"` is for"},
    {.key = "client_secret_jwt", .type = SETTING_OBJECT, .members = client_secret_jwt_settings,
     .what = "an object with audience"},
    {.key = "token_format", .type = SETTING_CHOICE, .choices = {"json", "form"}, .text = "form",
     .offset = BOOLEAN_AT(token_json), .example = "\"json\"",
     .meaning = "how what is sent there is written"},
    {.key = "token_params", .type = SETTING_TEXT_MAP, .otherwise = "none",
     .offset = JSON_AT(token_params), .example = "{\"state\": \"$state\"}",
     .meaning = "more parameters for that request, and for refreshing. `$client_id` in a value stands for `client_id`, "
                "`$state` for the login's state; what holds the latter is not sent when refreshing"},
    {.key = "callback_params", .type = SETTING_TEXT_LIST, .otherwise = "none",
     .offset = JSON_AT(callback_params), .example = "[\"device_id\"]",
     .meaning = "parameters that the browser brings to the callback, and that are handed on with the code"},
    {.key = "token_lifetime", .type = SETTING_SECONDS, .minimum = 1, .maximum = INT32_MAX, .otherwise = "not known",
     .offset = NUMBER_AT(token_lifetime), .example = "3600",
     .meaning = "how long the token for the code lives, where the response does not say"},
    {.key = "granted_scope", .type = SETTING_POINTER_OR_LIST, .otherwise = "`\"/scope\"`",
     .offset = JSON_AT(granted_scope), .example = "[\"/permissions\", \"/scope\"]",
     .meaning = "where the token's response names the scopes that were granted"},
    {.key = "token_user_id", .type = SETTING_POINTER_OR_LIST, .otherwise = "nowhere",
     .offset = JSON_AT(token_user_id), .example = "\"/user_id\"",
     .meaning = "where the token's response names the person; becomes `user_id` where the profile has none"},
    {.key = "error_codes", .type = SETTING_OBJECT, .members = error_code_settings,
     .what = "an object with too_many_calls, token_dead or both"},
    {.key = "profile_from", .type = SETTING_WORD, .choices = {"profile_url", "token", "id_token"},
     .text = "profile_url",
     .offset = WORD_AT(profile_from), .example = "\"token\"",
     .meaning = "from what the profile is read: a response of its own, over what the ID token says; the response with "
                "the token; or the ID token alone"},
    {.key = "profile_url", .type = SETTING_URL, .required = true, .unless = "issuer", .needed = wants_profile_url,
     .offset = TEXT_AT(profile_url), .example = "\"https://graph.instagram.com/v26.0/me\"",
     .meaning = "where the profile is read"},
    {.key = "profile_params", .type = SETTING_TEXT_MAP, .otherwise = "none",
     .offset = JSON_AT(profile_params), .example = "{\"fields\": \"id,username\"}",
     .meaning = "parameters for that URL"},
    {.key = "field_list", .type = SETTING_OBJECT, .members = field_list_settings,
     .what = "an object with param, least and refused_codes"},
    {.key = "profile_auth", .type = SETTING_WORD, .choices = {"bearer", "query", "none"}, .text = "bearer",
     .offset = WORD_AT(profile_auth), .example = "\"query\"",
     .meaning = "how the token goes there: in a header, in the query, or only where `profile_headers` or "
                "`profile_form` has it"},
    {.key = "profile_method", .type = SETTING_CHOICE, .choices = {"POST", "GET"}, .text = "GET",
     .offset = BOOLEAN_AT(profile_post), .example = "\"POST\"",
     .meaning = "the method of that request"},
    {.key = "profile_form", .type = SETTING_TEXT_MAP, .otherwise = "an empty body",
     .offset = JSON_AT(profile_form), .example = "{\"client_id\": \"$client_id\", \"access_token\": \"$access_token\"}",
     .meaning = "the form in the body of a POST. `$client_id` and `$access_token` in a value stand for these"},
    {.key = "profile_headers", .type = SETTING_TEXT_MAP, .otherwise = "none",
     .offset = JSON_AT(profile_headers), .example = "{\"Client-Id\": \"$client_id\"}",
     .meaning = "more headers of that request, with the same names in their values"},
    {.key = "email_request", .type = SETTING_PART, .members = email_request_settings,
     .offset = JSON_AT(email_request),
     .what = "an object with email, and url where the profile does not have the list"},
    {.key = "groups_requests", .type = SETTING_PART_LIST, .members = groups_request_settings,
     .offset = JSON_AT(groups_requests), .what = "a list of objects, each with a url"},
    {.key = "response_ok", .type = SETTING_OBJECT, .members = response_ok_settings,
     .what = "an object with pointer and equals"},
    {.key = "response_root", .type = SETTING_POINTER_LIST, .otherwise = "the whole response",
     .offset = JSON_AT(response_root), .example = "[\"/data/0\", \"/data\", \"\"]",
     .meaning = "where the object sits in a response; they are tried in turn"},
    {.key = "profile", .type = SETTING_OBJECT, .required = true, .unless = "issuer",
     .offset = JSON_AT(profile), .example = "{\"id\": \"/id\", \"username\": \"/username\"}",
     .what = "an object of our fields to where their values come from; with `id`",
     .meaning = "what is taken from the profile"},
    {.key = "account_types", .type = SETTING_TEXT_MAP, .otherwise = "none is shown",
     .offset = JSON_AT(account_types), .example = "{\"BUSINESS\": \"Business account\"}",
     .what = "an object of texts, or of keys of words (`account_type.business`)",
     .meaning = "what the page says for each `account_type`"},
    {.key = "long_lived", .type = SETTING_OBJECT, .members = long_lived_settings,
     .what = "an object with url and grant_type"},
    {.key = "refresh", .type = SETTING_OBJECT, .members = refresh_settings,
     .what = "an object with url and grant_type"},
    {.key = "revocation_url", .type = SETTING_URL, .otherwise = "as `issuer` publishes it",
     .offset = TEXT_AT(revocation_url), .example = "\"https://oauth2.googleapis.com/revoke\"",
     .meaning = "where a token is given back when its account is unlinked or deleted (RFC 7009)"},
    {.key = "revocation_token_param", .type = SETTING_TEXT, .text = "token",
     .offset = TEXT_AT(revocation_token_param), .example = "\"access_token\"",
     .meaning = "what the token is called there; under another name than the standard's it is always the access token"},
    {.key = "revocation_params", .type = SETTING_TEXT_MAP, .otherwise = "none",
     .offset = JSON_AT(revocation_params), .example = "{\"grant_type\": \"delete\"}",
     .meaning = "more parameters for that request; `$client_id` in a value stands for `client_id`"},
    {.key = "issuer", .type = SETTING_URL, .otherwise = "none, and OAuth alone",
     .offset = TEXT_AT(issuer), .example = "\"https://login.example.com\"",
     .meaning = "the provider's issuer (OpenID Connect): what it publishes about itself is fetched, and stands for "
                "each URL that is not written"},
    {.key = "jwks_url", .type = SETTING_URL, .otherwise = "as `issuer` publishes it",
     .offset = TEXT_AT(jwks_url), .example = "\"https://login.example.com/keys\"",
     .meaning = "where the keys are that ID tokens are signed with"},
    {.key = "id_token", .type = SETTING_OBJECT, .members = id_token_settings,
     .what = "an object with nonce, algorithms, issuer or several of them"},
    {.key = "end_session_url", .type = SETTING_URL, .otherwise = "as `issuer` publishes it",
     .offset = TEXT_AT(end_session_url), .example = "\"https://login.example.com/logout\"",
     .meaning = "where the browser is sent to log out at the provider, too"},
    {.key = "logout_at_provider", .type = SETTING_BOOLEAN, .number = 1,
     .offset = BOOLEAN_AT(logout_at_provider), .example = "false",
     .meaning = "whether `/logout` logs out at the provider, too, where that is possible"},
    {.key = "checked", .type = SETTING_DATE, .otherwise = "not known",
     .offset = TEXT_AT(checked), .example = "\"2026-11-25\"",
     .meaning = "when the file was last compared with what the provider documents"},
    {.key = "documentation", .type = SETTING_URL, .otherwise = "none",
     .offset = TEXT_AT(documentation), .example = "\"https://developers.facebook.com/docs/instagram-platform\"",
     .meaning = "where the provider documents this"},
    {.key = "api_version_date", .type = SETTING_DATE, .otherwise = "the URLs hold no version",
     .offset = TEXT_AT(api_version_date), .example = "\"2026-07-29\"",
     .meaning = "when the version of the API came that the URLs hold"},
    {.key = "hurdles", .type = SETTING_TEXT_LIST, .otherwise = "none",
     .offset = JSON_AT(hurdles), .example = "[\"Only testers can sign in until the app is reviewed.\"]",
     .meaning = "what keeps a site or its visitors out: a review, a fee, who may register"},
    {.key = "register", .type = SETTING_OBJECT, .members = register_settings,
     .what = "an object with url and steps"},
    {.key = "notes", .type = SETTING_TEXT_LIST, .otherwise = "none",
     .example = "[\"The id is /id, since /user_id is null for new accounts.\"]",
     .meaning = "why the file is as it is, where sources disagree"},
    {.key = "$schema", .type = SETTING_TEXT, .otherwise = "none",
     .example = "\"schema.json\"",
     .meaning = "the JSON Schema by which editors judge the file"},
    {0}};
// clang-format on
