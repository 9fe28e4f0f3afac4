/**
 * A program that tells all that it was started with, and how much went before it in the same
 * process.
 */
import { eventually } from "../../fixture/deadline.ts";
import type { Tree } from "../../fixture/tree.ts";

/** Below, no runtime has been in the process before: that alone touches thousands of pages. */
export const FEW_FAULTS = 2000;
/** How often a script is run: what it needs is loaded the first time. */
const MOST_RUNS = 12;

/**
 * Writes `seen/SERVICE`, named by its second argument: the first line is what the kernel counts of
 * the process, the rest what it is. It ends to be run again until that first number is small, or
 * for once if it need not be (`long`).
 */
export const PROBE = `#!/usr/bin/perl
my ($mode, $name) = @ARGV;
my ($root) = $0 =~ m{^(.*)/};
sub slurp { open(my $f, "<", $_[0]) or return "none"; local $/; my $t = <$f>; $t =~ s/\\0/|/g; return $t }
my @stat = split / /, slurp("/proc/self/stat") =~ s/^.*\\) //r;
my $text = "argv " . slurp("/proc/self/cmdline") . "\\n";
$text .= "env " . join("|", sort(split /\\|/, slurp("/proc/self/environ") =~ s/\\n/~/gr)) . "\\n";
$text .= "directory " . readlink("/proc/self/cwd") . sprintf("\\numask %o\\n", umask);
for my $fd (sort { $a <=> $b } map { m{(\\d+)$} } glob "/proc/self/fd/*") {
  my $to = readlink "/proc/self/fd/$fd";
  next if !defined $to || $to =~ m{^/proc/|/probe$};
  $to =~ s/\\[\\d+\\]//;
  my ($flags) = slurp("/proc/self/fdinfo/$fd") =~ /flags:\\s*(\\d+)/;
  $text .= "fd $fd $to $flags\\n";
}
$text .= join("\\n", grep { /^(?:Uid|Gid|Groups|Sig[BIC]|Cap|NoNewPrivs|Seccomp:)/ } split /\\n/, slurp("/proc/self/status")) . "\\n";
$text .= slurp("/proc/self/limits");
$text .= "session " . ($stat[3] == $$ ? "own" : "other") . " nice $stat[16]\\n";
my $runs = () = glob "$root/runs/$name.*";
open(my $run, ">", "$root/runs/$name." . ($runs + 1));
my $over = $mode eq "long" || $stat[7] < ${FEW_FAULTS} || $runs + 1 >= ${MOST_RUNS};
if ($over) {
  open(my $seen, ">", "$root/seen/$name.new") or die;
  print $seen "$stat[7]\\n$text";
  close $seen;
  rename "$root/seen/$name.new", "$root/seen/$name";
}
exec "sleep", "100000" if $over && $name !~ /finish/;
`;

export interface Seen {
  /** Page faults of the process so far. */
  readonly faults: number;
  /** All else, with the tree's own path and its service's taken out. */
  readonly text: string;
}

/** What the probe of a tree has seen as the service `name`, as soon as it has. */
export async function seenBy(tree: Tree, name: string): Promise<Seen> {
  const file = `seen/${name}`;
  const text = await eventually(
    `what ${name} has seen`,
    () => tree.exists(file) && tree.text(file),
    60_000,
  );
  const end = text.indexOf("\n");
  return {
    faults: Number(text.slice(0, end)),
    text: text.slice(end + 1).replaceAll(tree.root, "ROOT"),
  };
}
