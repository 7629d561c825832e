<?php
// SPDX-License-Identifier: MIT
// See README.md.
require $argv[1] . '/php/cgi_login.php';
foreach (file('php://stdin', FILE_IGNORE_NEW_LINES) as $line) {
    [$now, $limit, $cookies] = explode("\t", $line);
    try {
        $visitor = cgi_login_visitor($argv[2], $limit === '-' ? null : (int) $limit, $cookies, $now === '-' ? null : (int) $now);
    } catch (RuntimeException $fault) {
        $visitor = ['fault' => $fault->getMessage()];
    }
    echo json_encode($visitor, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES), "\n";
}
