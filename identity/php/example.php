<?php
// SPDX-License-Identifier: MIT
// A page for members. The paths are those of your account.
require '/home/you/cgi-login/identity/php/cgi_login.php';
$visitor = cgi_login_visitor('/home/you/cgi-login/session-keys.json');
header('Cache-Control: private, no-cache');
header('Vary: Cookie');
if (!$visitor['signed_in']) {
    header('Location: ' . $visitor['login_url'] . '?return_to=' . rawurlencode($_SERVER['REQUEST_URI'] ?? '/'), true, 302);
    exit;
}
header('Content-Type: text/html; charset=utf-8');
?>
<!doctype html>
<title>Members</title>
<p>Hello, <?= htmlspecialchars($visitor['name'] ?: $visitor['id']) ?>.</p>
<?php if ($visitor['due']): // the browser gets a newer cookie ?>
<script>fetch('/profile', {headers: {Accept: 'application/json'}})</script>
<?php endif ?>
