# The least that sending costs: one sendto after the other to sockets that nobody reads, as an SFU's subscribers are here.
# Arguments: address, sockets, bytes, seconds. Prints the CPU time of one send in microseconds, Perl's loop included.
use strict;
use warnings;
use Socket;

my ($address, $count, $bytes, $seconds) = @ARGV;
my (@receivers, @to);
for (1 .. $count) {
  socket(my $receiver, PF_INET, SOCK_DGRAM, 0) or die "socket: $!";
  bind($receiver, pack_sockaddr_in(0, inet_aton($address))) or die "bind: $!";
  push @receivers, $receiver;
  push @to, getsockname $receiver;
}
socket(my $sender, PF_INET, SOCK_DGRAM, 0) or die "socket: $!";
bind($sender, pack_sockaddr_in(0, inet_aton($address))) or die "bind: $!";
my $packet = 'x' x $bytes;

sub ran { open(my $file, '<', '/proc/self/schedstat') or die "schedstat: $!"; (split ' ', <$file>)[0] }
sub round { send($sender, $packet, 0, $_) for @to }

# The receivers' buffers fill first.
round() for 1 .. 300;
my ($before, $sent, $end) = (ran(), 0, time + $seconds);
while (time < $end) { round() for 1 .. 10; $sent += 10 * $count }
printf "%.4f\n", (ran() - $before) / 1000 / $sent;
