/**
 * The scan directory of a soak: services that each have a hosted logger. Some live for a moment and are restarted every second, some talk all
 * the time, the others wait for what is done to them.
 */
import { serviceName } from "../bench/supervised_tree.ts";
import { makeDirectoryWithFifo } from "../bench/scratch.ts";
import { makeTree, type Tree } from "../fixture/tree.ts";

/** Ten numbered lines ten times a second. SIGTERM ends it between two lines; the file `count` then tells the last. */
const TALKER = `#!/usr/bin/perl
my ($n, $over) = (0, 0);
$SIG{TERM} = sub { $over = 1 };
until ($over) {
  my $lines = "";
  $lines .= sprintf("%d %s\\n", ++$n, "x" x ($n % 90)) for 1 .. 10;
  for (my $at = 0; $at < length $lines;) { my $done = syswrite(STDOUT, $lines, length($lines) - $at, $at); $at += $done if defined $done }
  select(undef, undef, undef, 0.1);
}
open(my $f, ">", "count.new"); print $f $n; close $f; rename "count.new", "count";
`;

const SLEEPER = "#!/bin/sh\necho started\nexec sleep 1000000\n";
const LOGSCRIPT = "n3 s8192 ./main\n";

export interface SoakTree extends Disposable {
  readonly scandir: string;
  /** A FIFO into which each start of a mayfly writes a line. */
  readonly fifo: string;
  readonly mayflies: readonly string[];
  readonly talkers: readonly string[];
  readonly sleepers: readonly string[];
  /** Adds one more sleeper. */
  addSleeper(name: string): void;
}

function between(value: number, least: number, most: number): number {
  return Math.min(Math.max(Math.round(value), least), most);
}

function lay(tree: Tree, name: string, run: string): void {
  tree.add({ [`service/${name}/run!`]: run, [`service/${name}/log/logscript`]: LOGSCRIPT });
}

export function laySoak(services: number): SoakTree {
  const tree = makeTree({ "service/": "" });
  const { fifo } = makeDirectoryWithFifo(tree.root, "arrivals");
  const names = Array.from({ length: services }, (_, index) => serviceName(index));
  const mayflies = names.splice(0, between(services / 4, 1, 100));
  const talkers = names.splice(0, between(services / 10, 1, 20));
  for (const name of mayflies) lay(tree, name, `#!/bin/sh\necho >${fifo}\necho a short life\n`);
  for (const name of talkers) lay(tree, name, TALKER);
  for (const name of names) lay(tree, name, SLEEPER);
  return {
    scandir: tree.path("service"),
    fifo,
    mayflies,
    talkers,
    sleepers: names,
    addSleeper: (name) => lay(tree, name, SLEEPER),
    [Symbol.dispose]: () => tree[Symbol.dispose](),
  };
}
