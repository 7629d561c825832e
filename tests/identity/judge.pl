# SPDX-License-Identifier: MIT
# See README.md.
use strict;
use warnings;
use JSON::PP ();
use lib;
BEGIN { lib->import("$ARGV[0]/perl") }
use CgiLogin;

while (my $line = <STDIN>) {
    chomp $line;
    my ($now, $limit, $cookies) = split /\t/, $line, 3;
    my $visitor = eval {
        CgiLogin::visitor($ARGV[1], $cookies, now => $now eq '-' ? undef : $now, limit => $limit eq '-' ? undef : $limit);
    } // {fault => $@};
    print JSON::PP->new->utf8->encode($visitor), "\n";
}
