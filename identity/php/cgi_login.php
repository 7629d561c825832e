<?php
// Who is signed in, for a page of the site's own: opens the session's cookie with the file that `cgi-login export-key`
// writes. Needs PHP 7.2 and its sodium extension.
//
//     require '/home/you/cgi-login/identity/php/cgi_login.php';
//     $visitor = cgi_login_visitor('/home/you/cgi-login/session-keys.json');
//     if (!$visitor['signed_in']) { header('Location: ' . $visitor['login_url']); exit; }
//
// docs/identity.md says what is in $visitor. What it cannot know, since it asks no store: a session that was ended after
// its last check still opens, until the limit: the file's limit_seconds, or $limit, have passed since that check.
//
// SPDX-License-Identifier: MIT

// Control characters, and what breaks or reorders a line.
const CGI_LOGIN_UNSHOWN = '\x{0}-\x{1f}\x{7f}-\x{9f}\x{61c}\x{200e}\x{200f}\x{2028}-\x{202e}\x{2066}-\x{2069}';

/** Gives the visitor. Throws a RuntimeException if the file cannot be used. */
function cgi_login_visitor(string $file, ?int $limit = null, ?string $cookies = null, ?int $now = null): array
{
    $settings = cgi_login_settings($file);
    $now = $now ?? time();
    $session = cgi_login_open($settings, $cookies ?? $_SERVER['HTTP_COOKIE'] ?? '', $now);
    $nobody = ['signed_in' => false, 'due' => false, 'login_url' => $settings['base_url'] . '/login'];
    if ($session === null) {
        return $nobody;
    }
    $age = $now - $session['checked'];
    if ($age < 0 || $age >= ($limit ?? $settings['limit_seconds'])) {
        return ['due' => true] + $nobody;
    }
    $user = $session['profile'];
    return [
        'signed_in' => true,
        'id' => $session['provider'] . ':' . $user['id'],
        'provider' => $session['provider'],
        // One that was cut to fit into the cookie is somebody else's, or nobody's.
        'username' => substr($user['username'] ?? '', -3) === '…' ? '' : cgi_login_told($user['username'] ?? ''),
        'name' => trim(preg_replace('/[ ' . CGI_LOGIN_UNSHOWN . ']+/u', ' ', $user['full_name'] ?? ''), ' '),
        'email' => ($user['email_verified'] ?? false) === true ? cgi_login_told($user['email'] ?? '') : '',
        'groups' => $user['groups'] ?? [],
        'user' => $user,
        'since' => $session['signed_in'],
        'checked' => $session['checked'],
        'expires' => $session['expires'],
        'due' => $age >= $settings['recheck_seconds'],
    ];
}

/** The text; '' for one that would begin another line, or name somebody else, where it is written. */
function cgi_login_told(string $text): string
{
    return preg_match('/^ | $|[' . CGI_LOGIN_UNSHOWN . ']/uD', $text) ? '' : $text;
}

function cgi_login_settings(string $file): array
{
    $text = @file_get_contents($file);
    if ($text === false) {
        throw new RuntimeException("$file cannot be read; run: cgi-login export-key");
    }
    if ((fileperms($file) & 026) !== 0) {
        throw new RuntimeException("$file can be read or written by other users; run: chmod 600 $file");
    }
    $settings = json_decode($text, true);
    if (!is_array($settings) || ($settings['version'] ?? null) !== 1) {
        throw new RuntimeException("$file is none of this version; run: cgi-login export-key");
    }
    return $settings;
}

/** The session of the Cookie header; null if there is none that is whole, ours and not over. */
function cgi_login_open(array $settings, string $cookies, int $now): ?array
{
    // Not $_COOKIE: PHP makes one name of several there.
    if (!preg_match('/(?:^|;)[ \t]*' . preg_quote($settings['cookie'], '/') . '=([^;]*)/', $cookies, $match) ||
        strlen($match[1]) > 4096 || !preg_match('/^[A-Za-z0-9_-]+$/D', $match[1])) {
        return null;
    }
    // version 1 | key id 4 | nonce 24 | ciphertext of (expiry 8 | JSON) | tag 16; the first five bytes are authenticated
    $bytes = base64_decode(strtr($match[1], '-_', '+/'));
    if (strlen($bytes) < 53 || rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=') !== $match[1] || $bytes[0] !== "\x01") {
        return null;
    }
    $plain = false;
    foreach ($settings['keys'] as $key) {
        if (in_array(bin2hex(substr($bytes, 1, 4)), $key['ids'], true)) {
            $secret = hex2bin($key['key']);
            $plain = sodium_crypto_aead_xchacha20poly1305_ietf_decrypt(
                substr($bytes, 29), substr($bytes, 0, 5), substr($bytes, 5, 24), $secret);
            sodium_memzero($secret);
            break;
        }
    }
    if ($plain === false || unpack('J', $plain)[1] <= $now) {
        return null;
    }
    $session = cgi_login_names(json_decode(substr($plain, 8)), $settings['names']);
    return in_array($session['provider'] ?? null, $settings['providers'], true) && isset($session['profile']['id']) ?
        $session : null;
}

/** An object as an array, with the names that its short keys stand for. */
function cgi_login_names($value, array $names)
{
    if (!is_object($value)) {
        return $value;
    }
    $named = [];
    foreach ((array) $value as $key => $member) {
        $named[$names[$key] ?? $key] = cgi_login_names($member, $names);
    }
    return $named;
}
