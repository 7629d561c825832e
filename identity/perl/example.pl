#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# A page for members, as a CGI script. The paths are those of your account.
use strict;
use warnings;
use lib '/home/you/cgi-login/identity/perl';
use CgiLogin;

my $visitor = CgiLogin::visitor('/home/you/cgi-login/session-keys.json', $ENV{HTTP_COOKIE});
binmode STDOUT, ':encoding(UTF-8)';
print "Cache-Control: private, no-cache\nVary: Cookie\n";
if (!$visitor->{signed_in}) {
    (my $back = $ENV{REQUEST_URI} // '/') =~ s/([^A-Za-z0-9._~-])/sprintf '%%%02X', ord $1/ge;
    print "Status: 302 Found\nLocation: $visitor->{login_url}?return_to=$back\n\n";
    exit;
}
my %entities = ('&' => '&amp;', '<' => '&lt;', '>' => '&gt;', '"' => '&quot;');
(my $name = $visitor->{name} || $visitor->{id}) =~ s/([&<>"])/$entities{$1}/g;
print "Content-Type: text/html; charset=utf-8\n\n<!doctype html>\n<title>Members</title>\n<p>Hello, $name.</p>\n";
# The browser gets a newer cookie.
print "<script>fetch('/profile', {headers: {Accept: 'application/json'}})</script>\n" if $visitor->{due};
