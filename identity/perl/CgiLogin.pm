# SPDX-License-Identifier: MIT
# Who is signed in, for a program of the site's own: opens the session's cookie with the file that `cgi-login export-key`
# writes. Needs Perl 5.14 and, for XChaCha20-Poly1305, CryptX 0.089 or newer, or else FFI::Platypus and the system's
# libsodium (Debian: libffi-platypus-perl, libsodium23).
#
#     use lib '/home/you/cgi-login/identity/perl';
#     use CgiLogin;
#     my $visitor = CgiLogin::visitor('/home/you/cgi-login/session-keys.json', $ENV{HTTP_COOKIE});
#     if (!$visitor->{signed_in}) { ... }
#
# docs/identity.md says what is in it. What it cannot know, since it asks no store: a session that was ended after its
# last check still opens, until the limit: the file's limit_seconds, or `limit`, have passed since that check.
package CgiLogin;

use strict;
use warnings;

use JSON::PP ();
use MIME::Base64 qw(decode_base64url encode_base64url);

# Control characters, and what breaks or reorders a line.
my $unshown = qr/[\x{0}-\x{1f}\x{7f}-\x{9f}\x{61c}\x{200e}\x{200f}\x{2028}-\x{202e}\x{2066}-\x{2069}]/;

# Gives the visitor whose Cookie header this is; options: limit, now. Dies if the file cannot be used.
sub visitor {
    my ($file, $cookies, %options) = @_;
    my $settings = _settings($file);
    my $now      = $options{now} // time;
    my $limit    = $options{limit} // $settings->{limit_seconds};
    my $session  = _open($settings, $cookies // '', $now);
    my $nobody   = {signed_in => JSON::PP::false, due => JSON::PP::false, login_url => "$settings->{base_url}/login"};
    return $nobody if !$session;
    my $age = $now - $session->{checked};
    return {%$nobody, due => JSON::PP::true} if $age < 0 || $age >= $limit;
    my $user = $session->{profile};
    return {
        signed_in => JSON::PP::true,
        id        => "$session->{provider}:$user->{id}",
        provider  => $session->{provider},
        # One that was cut to fit into the cookie is somebody else's, or nobody's.
        username  => ($user->{username} // '') =~ /\x{2026}\z/ ? '' : _told($user->{username} // ''),
        name      => ($user->{full_name} // '') =~ s/(?: |$unshown)+/ /gr =~ s/\A | \z//gr,
        email     => $user->{email_verified} ? _told($user->{email} // '') : '',
        groups    => $user->{groups} // [],
        user      => $user,
        since     => $session->{signed_in},
        checked   => $session->{checked},
        expires   => $session->{expires},
        due       => $age >= $settings->{recheck_seconds} ? JSON::PP::true : JSON::PP::false,
    };
}

# The text; '' for one that would begin another line, or name somebody else, where it is written.
sub _told { return $_[0] =~ /\A | \z|$unshown/ ? '' : $_[0] }

sub _settings {
    my ($file) = @_;
    open my $handle, '<', $file or die "$file cannot be read: $!; run: cgi-login export-key\n";
    die "$file can be read or written by other users; run: chmod 600 $file\n" if (stat $handle)[2] & 026;
    my $settings = JSON::PP->new->utf8->decode(do { local $/; <$handle> });
    die "$file is none of this version; run: cgi-login export-key\n" if ($settings->{version} // 0) != 1;
    return $settings;
}

# The session of the Cookie header; nothing if there is none that is whole, ours and not over.
sub _open {
    my ($settings, $cookies, $now) = @_;
    my ($value) = $cookies =~ /(?:^|;)[ \t]*\Q$settings->{cookie}\E=([^;]*)/ or return;
    return if length $value > 4096 || $value !~ /\A[A-Za-z0-9_-]+\z/;
    my $sealed = decode_base64url($value);
    # version 1 | key id 4 | nonce 24 | ciphertext of (expiry 8 | JSON) | tag 16; the first five bytes are authenticated
    return if length $sealed < 53 || encode_base64url($sealed) ne $value || ord $sealed != 1;
    my $id    = unpack 'H8', substr $sealed, 1;
    my ($key) = grep { grep { $_ eq $id } @{$_->{ids}} } @{$settings->{keys}} or return;
    my $plain = _decrypt(pack('H*', $key->{key}), substr($sealed, 5, 24), substr($sealed, 0, 5), substr $sealed, 29);
    return if !defined $plain || unpack('q>', $plain) <= $now;
    my $session = _names(JSON::PP->new->utf8->decode(substr $plain, 8), $settings->{names});
    return (grep { $_ eq $session->{provider} } @{$settings->{providers}}) ? $session : ();
}

my ($has_cryptx, $sodium, $sodium_decrypt);

sub _sodium {
    require FFI::CheckLib;
    require FFI::Platypus;
    return $sodium = FFI::Platypus->new(api => 1, lib => [FFI::CheckLib::find_lib_or_die(lib => 'sodium')]);
}

sub _decrypt {
    my ($key, $nonce, $additional, $sealed) = @_;
    return if length $key != 32;
    $has_cryptx //= eval { require Crypt::AuthEnc::XChaCha20Poly1305 } ? 1 : 0;
    if ($has_cryptx) {
        my $tag = substr $sealed, -16, 16, '';
        return Crypt::AuthEnc::XChaCha20Poly1305::xchacha20poly1305_decrypt_verify($key, $nonce, $additional, $sealed, $tag);
    }
    $sodium_decrypt //= _sodium()->function(
        crypto_aead_xchacha20poly1305_ietf_decrypt => [qw(string opaque opaque string uint64 string uint64 string string)],
        'int'
    );
    my $plain = "\0" x (length($sealed) - 16);
    my $fault =
        $sodium_decrypt->call($plain, undef, undef, $sealed, length $sealed, $additional, length $additional, $nonce, $key);
    return $fault ? undef : $plain;
}

# An object with the names that its short keys stand for.
sub _names {
    my ($value, $names) = @_;
    return $value if ref $value ne 'HASH';
    return {map { ($names->{$_} // $_) => _names($value->{$_}, $names) } keys %$value};
}

1;
