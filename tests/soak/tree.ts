/**
 * The scan directory of a soak: services that each have a hosted logger. Some live for a moment and
 * are restarted every second, some talk all the time, the others wait for what is done to them.
 */
import { O_NONBLOCK, O_WRONLY } from "../../lib/core/linux/open_flags.ts";
import { close, tryOpen } from "../../lib/libc/file.ts";
import { serviceName } from "../bench/supervised_tree.ts";
import { makeDirectoryWithFifo } from "../bench/scratch.ts";
import { makeTree, type Tree } from "../fixture/tree.ts";

/**
 * Ten numbered lines ten times a second. SIGTERM ends it between two lines; the file `count` then
 * tells the last.
 */
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
  readonly root: string;
  readonly scandir: string;
  /** Where s6-svscan's messages go. */
  readonly outputFile: string;
  /** All of them. */
  readonly services: readonly string[];
  /** A FIFO into which each start of a mayfly writes a line. */
  readonly fifo: string;
  readonly mayflies: readonly string[];
  readonly talkers: readonly string[];
  readonly sleepers: readonly string[];
  /** Lays one more sleeper beside the scan directory, and moves it in. */
  addVisitor(name: string): void;
  /** Takes a service out of the scan directory, under a name that begins with a dot. */
  takeOut(name: string): void;
  /** Removes what was taken out, if nobody supervises it any more. Returns whether it did. */
  remove(name: string): boolean;
}

function between(value: number, least: number, most: number): number {
  return Math.min(Math.max(Math.round(value), least), most);
}

function lay(tree: Tree, name: string, run: string): void {
  tree.add({ [`service/${name}/run!`]: run, [`service/${name}/log/logscript`]: LOGSCRIPT });
}

function isSupervised(servicedir: string): boolean {
  const fd = tryOpen(`${servicedir}/supervise/control`, O_WRONLY | O_NONBLOCK);
  if (fd >= 0) close(fd);
  return fd >= 0;
}

export function laySoak(services: number): SoakTree {
  const tree = makeTree({ "service/": "" });
  const { fifo } = makeDirectoryWithFifo(tree.root, "arrivals");
  const all = Array.from({ length: services }, (_, index) => serviceName(index));
  const names = [...all];
  const mayflies = names.splice(0, between(services / 4, 1, 100));
  const talkers = names.splice(0, between(services / 10, 1, 20));
  for (const name of mayflies) lay(tree, name, `#!/bin/sh\necho >${fifo}\necho a short life\n`);
  for (const name of talkers) lay(tree, name, TALKER);
  for (const name of names) lay(tree, name, SLEEPER);
  return {
    root: tree.root,
    outputFile: tree.path("output"),
    services: all,
    scandir: tree.path("service"),
    fifo,
    mayflies,
    talkers,
    sleepers: names,
    addVisitor: (name) => {
      lay(tree, `.${name}`, SLEEPER);
      tree.rename(`service/.${name}`, `service/${name}`);
    },
    takeOut: (name) => tree.rename(`service/${name}`, `service/.${name}`),
    remove: (name) => {
      const directory = `service/.${name}`;
      if ([directory, `${directory}/log`].some((one) => isSupervised(tree.path(one)))) return false;
      tree.remove(directory);
      return true;
    },
    [Symbol.dispose]: () => tree[Symbol.dispose](),
  };
}
