<?php
// What people write where there is no gate: a session of PHP's own, and readfile(). `?login` stands for the login page
// of such a site, whatever it asks for. The files lie where Apache does not serve them.
// SPDX-License-Identifier: MIT
declare(strict_types=1);

const TYPES = ['html' => 'text/html', 'bin' => 'application/octet-stream'];

session_save_path(getenv('GUARD_SESSIONS'));
session_start();
if (isset($_GET['login'])) {
    session_regenerate_id(true);
    $_SESSION['user'] = 'layla.studio';
    exit;
}
if (!isset($_SESSION['user'])) {
    http_response_code(401);
    exit;
}
session_write_close();
$name = basename($_GET['file'] ?? '');
$path = getenv('GUARD_FILES') . '/' . $name;
if (!is_file($path)) {
    http_response_code(404);
    exit;
}
header('Content-Type: ' . (TYPES[pathinfo($name, PATHINFO_EXTENSION)] ?? 'application/octet-stream'));
header('Content-Length: ' . filesize($path));
header('Cache-Control: private, no-cache');
readfile($path);
