<?php
// What the program `start` does, in PHP: a login's state and verifier, sealed into a cookie, and the redirect to the
// provider. The cookie is one that our callback opens. Like every PHP script it reads the config at each request.
// SPDX-License-Identifier: MIT
declare(strict_types=1);

const SUBKEY_CONTEXT = 'cgilogin', FOR_ID = 0, FOR_PENDING_LOGIN = 2, LOGIN_SECONDS = 600;

function text(string $bytes): string
{
    return sodium_bin2base64($bytes, SODIUM_BASE64_VARIANT_URLSAFE_NO_PADDING);
}

function read_json(string $path): array
{
    return json_decode(file_get_contents($path), true, 32, JSON_THROW_ON_ERROR);
}

/** The provider's preset, with what the config says in place of it. */
function provider(array $config, string $home): array
{
    $name = $config['default_provider'];
    $callback = ['callback_url' => "{$config['base_url']}/auth/$name/callback"];
    return ['name' => $name] + $config['providers'][$name] + $callback + read_json("$home/providers/$name.json");
}

function seal(string $key, string $context, string $plain): string
{
    $master = sodium_base642bin($key, SODIUM_BASE64_VARIANT_ORIGINAL);
    $id = sodium_crypto_kdf_derive_from_key(16, FOR_ID, SUBKEY_CONTEXT, $master);
    $subkey = sodium_crypto_kdf_derive_from_key(32, FOR_PENDING_LOGIN, SUBKEY_CONTEXT, $master);
    $header = "\1" . substr($id, 0, 4);
    $nonce = random_bytes(SODIUM_CRYPTO_AEAD_XCHACHA20POLY1305_IETF_NPUBBYTES);
    $message = pack('J', time() + LOGIN_SECONDS) . $plain;
    return text($header . $nonce .
        sodium_crypto_aead_xchacha20poly1305_ietf_encrypt($message, $header . $context, $nonce, $subkey));
}

$path = getenv('CGI_LOGIN_CONFIG');
$config = read_json($path);
$provider = provider($config, dirname($path));
$state = text(random_bytes(32));
$verifier = text(random_bytes(32));
$login = json_encode(['state' => $state, 'verifier' => $verifier, 'return_to' => ''], JSON_THROW_ON_ERROR);
$query = [
    'client_id' => $provider['client_id'],
    'redirect_uri' => $provider['callback_url'],
    'response_type' => 'code',
    'scope' => implode($provider['scope_separator'], $provider['scope']),
    'state' => $state,
];
if ($provider['pkce'] === 'S256') {
    $query += ['code_challenge' => text(hash('sha256', $verifier, true)), 'code_challenge_method' => 'S256'];
}
header('Cache-Control: no-store');
header('X-Content-Type-Options: nosniff');
header('Referrer-Policy: same-origin');
header('Cross-Origin-Resource-Policy: same-origin');
header('Set-Cookie: __Host-cgi_login_pending_' . substr($state, 0, 8) . '=' .
    seal($config['keys'][0], $provider['name'], $login) .
    '; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=' . LOGIN_SECONDS);
header('Location: ' . $provider['authorize_url'] . '?' . http_build_query($query), true, 302);
