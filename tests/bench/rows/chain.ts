/**
 * Row 7: chains of links, of one link and of ten, and the start of a service through the usual
 * three, against C's execline.
 */
import { runBatch } from "../command_loop.ts";
import { milliseconds, plain } from "../figures.ts";
import type { Bench, Row, Section } from "../row.ts";
import { rotated } from "../row.ts";
import { pairedRatios, summarize } from "../statistics.ts";

const TEN_LINKS_BAR = 1.3;
/** Debian's links are outside of PATH. */
const C_LINKS = "/usr/lib/execline/bin";

const ONE_LINK = "export A 1 /bin/true\n";
const TEN_LINKS = [
  "export A 1",
  "export B 2",
  "fdmove -c 5 1",
  "fdclose 5",
  "umask 022",
  "cd /",
  "importas X A",
  "define Y z",
  "unexport A",
  "export C $X$Y",
  "/bin/true",
].join("\n");
/** Blocks: in C a process each, here none but the last. */
const BLOCKS = [
  "foreground { export A 1 cd / umask 077 exit 0 }",
  "if { eltest -d / }",
  "ifelse { eltest -e /no/such } { exit 1 }",
  "foreground { /bin/true }",
  "/bin/true",
].join("\n");

interface Subject {
  readonly title: string;
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly samples: number[];
}

interface Side {
  readonly name: string;
  readonly execlineb: string;
  readonly links: string;
  /** The first link of a service's start: how it gets its environment. */
  readonly environment: string;
}

/** Writes the scripts and an environment directory. @returns the directory */
function layScripts(scratch: string, sides: readonly Side[]): string {
  const directory = `${scratch}/chain`;
  Deno.mkdirSync(`${directory}/s6/container_environment`, { recursive: true });
  for (let i = 0; i < 8; i++) {
    Deno.writeTextFileSync(`${directory}/s6/container_environment/VARIABLE${i}`, `value ${i}`);
  }
  Deno.writeTextFileSync(`${directory}/one`, ONE_LINK);
  Deno.writeTextFileSync(`${directory}/ten`, TEN_LINKS);
  Deno.writeTextFileSync(`${directory}/blocks`, BLOCKS);
  for (const { name, environment } of sides) {
    Deno.writeTextFileSync(
      `${directory}/service-${name}`,
      `${environment} s6-setuidgid nobody /bin/true`,
    );
  }
  return directory;
}

function subjectsOf({ name, execlineb, links }: Side, directory: string): Subject[] {
  const env = { PATH: `${links}:/usr/bin:/bin`, S6_RUNDIR: directory };
  const subject = (what: string, script: string): Subject => ({
    title: `${name}: ${what}`,
    words: [execlineb, "-P", `${directory}/${script}`],
    env,
    samples: [],
  });
  return [
    subject("one link", "one"),
    subject("ten links", "ten"),
    subject("four blocks", "blocks"),
    subject("a service's start", `service-${name}`),
  ];
}

async function measure(bench: Bench): Promise<Section> {
  const sides: readonly Side[] = [
    {
      name: "hexad",
      execlineb: `${bench.programs}/execlineb`,
      links: bench.programs,
      environment: "with-contenv",
    },
    {
      name: "C",
      execlineb: "/usr/bin/execlineb",
      links: C_LINKS,
      environment: `s6-envdir ${bench.scratch}/chain/s6/container_environment`,
    },
  ];
  const directory = layScripts(bench.scratch, sides);
  const rounds = bench.quick ? 5 : 30;
  const times = 10;
  const subjects = sides.flatMap((side) => subjectsOf(side, directory));
  bench.say(`chain: ${rounds} rounds of ${times} runs`);
  for (const { words, env } of subjects) await runBatch(words, 2, env); // into the page cache
  for (let round = 0; round < rounds; round++) {
    for (const { words, env, samples } of rotated(subjects, round)) {
      samples.push(await runBatch(words, times, env));
    }
  }
  const [one, ten] = subjects as [Subject, Subject];
  const tenToOne = pairedRatios(ten.samples, one.samples);
  return {
    title: "Chains",
    method: [
      `Scripts of execlineb that end in /bin/true. One round runs each ${times} times from one shell loop; the figures are for one run, over ` +
      `${rounds} rounds. A service's start is execlineb, s6-setuidgid and, to read an environment of eight variables out of files, with-contenv ` +
      "or, in C, s6-envdir. The four blocks hold nine links and one program.",
    ],
    tables: [{
      head: ["script", "one run"],
      rows: subjects.map(({ title, samples }) => [title, milliseconds(summarize(samples))]),
    }],
    bars: [{
      what: "a chain of ten links",
      bar: `at most ${TEN_LINKS_BAR} of a chain of one`,
      reached: plain(tenToOne),
      met: tenToOne.median <= TEN_LINKS_BAR,
    }],
  };
}

export const CHAIN: Row = { name: "chain", measure };
