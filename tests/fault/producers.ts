/** Services that write numbered lines for a logger. */

/** Writes as many numbered lines as each line of the FIFO `go` asks for. */
export const ORDERED_PRODUCER = `#!/usr/bin/perl
$| = 1;
my $n = 0;
open(my $go, "+<", "go") or die;
while (my $count = <$go>) { for (1 .. $count) { ++$n; print "$n ", "x" x ($n % 90), "\\n" } }
`;

/**
 * Writes numbered lines of LENGTH bytes as fast as the pipe takes them. SIGTERM ends it between two
 * lines; `count` then tells the last.
 *
 * @param burst After so many lines it rests for a moment; 0: never.
 */
export function eagerProducer(lengthBytes: number, burst = 0): string {
  return `#!/usr/bin/perl
my ($n, $over) = (0, 0);
$SIG{TERM} = sub { $over = 1 };
until ($over) {
  my $line = sprintf("%d ", ++$n);
  $line .= "x" x (${lengthBytes} - 1 - length $line) . "\\n";
  for (my $at = 0; $at < length $line;) { my $done = syswrite(STDOUT, $line, length($line) - $at, $at); $at += $done if defined $done }
  select(undef, undef, undef, 0.05) if ${burst} && $n % ${burst || 1} == 0;
}
open(my $f, ">", "count.new"); print $f $n; close $f; rename "count.new", "count";
sleep 1000000;
`;
}

/**
 * Whether it waits in write(2) for room in the pipe, and has done so for a while: its processor
 * time does not grow.
 */
export function heldBack(pid: number): () => boolean {
  let since = performance.now();
  let before = "";
  return () => {
    const time = Deno.readTextFileSync(`/proc/${pid}/stat`).split(" ").slice(13, 15).join(" ");
    if (time !== before) since = performance.now();
    before = time;
    return performance.now() - since > 300;
  };
}
