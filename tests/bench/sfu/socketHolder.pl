# Holds the UDP sockets of the subscribers. In Perl because Node can neither leave a bound socket unread nor ask the kernel
# when a datagram arrived, and every Debian has Perl (perl-base is essential).
#
# Frames on stdin:  type (1 byte), socket (u16), length (u32), payload; numbers big-endian:
#   O number of sockets (u16), address (text)   opens them there
#   C port (u16), address (text)   connects the socket
#   S datagram                     sends it
#   M (socket is ignored) list of u16: from now on these record what arrives, all others stay unread
#   F                              writes what was recorded
# Frames on stdout: P ports (u16 each), D datagram (while not measuring), R seconds and nanoseconds (u64 each) and datagram,
#   E end of the record.
use strict;
use warnings;
use Socket;

use constant SIOCGSTAMPNS => 0x8907; # <linux/sockios.h>: when the datagram read last had arrived, struct timespec
use constant RECEIVE_BUFFER => 4 * 1024 * 1024;

my (@sockets, @record);
my %read; # fileno => index
my $measuring = 0;
my $in = '';
binmode STDIN;
binmode STDOUT;

sub emit {
  my ($type, $index, $payload) = @_;
  my $frame = pack('a1 n N', $type, $index, length $payload) . $payload;
  while (length $frame) {
    my $written = syswrite(STDOUT, $frame) or exit 0;
    substr($frame, 0, $written, '');
  }
}

sub handle {
  my ($type, $index, $payload) = @_;
  if ($type eq 'O') {
    my ($count, $address) = unpack('n a*', $payload);
    for (1 .. $count) {
      socket(my $socket, PF_INET, SOCK_DGRAM, 0) or die "socket: $!";
      bind($socket, pack_sockaddr_in(0, inet_aton($address))) or die "bind: $!";
      push @sockets, $socket;
      $read{fileno $socket} = $#sockets;
    }
    emit('P', 0, pack('n*', map { (unpack_sockaddr_in(getsockname $_))[0] } @sockets));
  } elsif ($type eq 'C') {
    my ($port, $address) = unpack('n a*', $payload);
    connect($sockets[$index], pack_sockaddr_in($port, inet_aton($address))) or die "connect: $!";
  } elsif ($type eq 'S') {
    send($sockets[$index], $payload, 0);
  } elsif ($type eq 'M') {
    $measuring = 1;
    my %probe = map { $_ => 1 } unpack('n*', $payload);
    %read = map { $probe{$_} ? (fileno($sockets[$_]) => $_) : () } 0 .. $#sockets;
    setsockopt($sockets[$_], SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER) for keys %probe;
  } elsif ($type eq 'F') {
    emit('R', $_->[0], $_->[1] . $_->[2]) for @record;
    @record = ();
    emit('E', 0, '');
  }
}

sub receive {
  my ($index) = @_;
  defined recv($sockets[$index], my $packet, 2048, MSG_DONTWAIT) or return;
  return emit('D', $index, $packet) unless $measuring;
  my $time = "\0" x 16;
  ioctl($sockets[$index], SIOCGSTAMPNS, $time) or return;
  push @record, [$index, pack('Q> Q>', unpack('Q Q', $time)), $packet];
}

while (1) {
  my $ready = '';
  vec($ready, $_, 1) = 1 for fileno(STDIN), keys %read;
  select($ready, undef, undef, undef) > 0 or next;
  for my $number (keys %read) { receive($read{$number}) if vec($ready, $number, 1) }
  next unless vec($ready, fileno(STDIN), 1);
  sysread(STDIN, $in, 65536, length $in) or exit 0;
  while (length $in >= 7) {
    my ($type, $index, $length) = unpack('a1 n N', $in);
    last if length $in < 7 + $length;
    my $payload = substr($in, 7, $length);
    substr($in, 0, 7 + $length, '');
    handle($type, $index, $payload);
  }
}
