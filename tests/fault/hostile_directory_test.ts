/**
 * Our clients on directories in which somebody has laid traps: a documented exit code, one line, no
 * waiting, no stack trace.
 */
import { assert, assertMatch, assertNotMatch } from "@std/assert";
import { start } from "../fixture/command.ts";
import { OURS, requireToolset } from "../fixture/toolset.ts";
import { makeTree, type TreeSpec } from "../fixture/tree.ts";
import { STACK_TRACE } from "./patient.ts";

/** What is wrong with it, and the directory `d` that has it. */
const TRAPS: Readonly<Record<string, TreeSpec>> = {
  "nothing at all": { "d/": "" },
  "no directory": { "d": "a file" },
  "supervise is a file": { "d/supervise": "", "d/event": "" },
  "empty files": {
    "d/supervise/lock": "",
    "d/supervise/status": "",
    "d/supervise/death_tally": "",
    "d/supervise/control": "",
    "d/event/": "",
  },
  "files of text": {
    "d/supervise/lock": "x",
    "d/supervise/status": "up since yesterday, I promise, really and truly",
    "d/supervise/death_tally": "none",
    "d/supervise/control": "dx",
    "d/event/": "",
  },
  "long files": {
    "d/supervise/lock": "",
    "d/supervise/status": "x".repeat(1_000_000),
    "d/supervise/death_tally": "x".repeat(1_000_000),
    "d/supervise/control|": "",
    "d/event/": "",
  },
  "FIFOs instead of files": {
    "d/supervise/lock|": "",
    "d/supervise/status|": "",
    "d/supervise/death_tally|": "",
    "d/supervise/control|": "",
    "d/event/": "",
  },
  "directories instead of files": {
    "d/supervise/lock/": "",
    "d/supervise/status/": "",
    "d/supervise/death_tally/": "",
    "d/supervise/control/": "",
    "d/event/": "",
  },
  "links in circles": {
    "d/supervise/lock=": "lock",
    "d/supervise/status=": "status",
    "d/supervise/death_tally=": "death_tally",
    "d/supervise/control=": "control",
    "d/event=": "event",
  },
};

const CLIENTS: readonly (readonly [program: string, ...args: string[]])[] = [
  ["s6-svok"],
  ["s6-svstat"],
  ["s6-svstat", "-o", "up,ready,pid,exitcode,signal,updownsince"],
  ["s6-svdt"],
  ["s6-svdt-clear"],
  ["s6-svc", "-d"],
  ["s6-svc", "-wd", "-T", "200", "-d"],
  ["s6-svwait", "-u", "-t", "200"],
  ["s6-svscanctl", "-a"],
  ["s6-cleanfifodir"],
];

const DOCUMENTED = [0, 1, 99, 100, 102, 111];

async function checkClient(words: readonly string[], directory: string): Promise<void> {
  const [program = "", ...args] = words;
  await using client = start(OURS.bin(program), [...args, directory]);
  const code = await client.ended();
  await client.stderr.ended;
  const said = client.stderr.text;
  const command = `${words.join(" ")} exited ${code}: ${said}`;
  assert(DOCUMENTED.includes(code), command);
  assertNotMatch(said, STACK_TRACE, command);
  if (said !== "") {
    assertMatch(said, new RegExp(`^${program}: (fatal|warning|usage): [^\n]*\n$`), command);
  }
}

for (const [what, spec] of Object.entries(TRAPS)) {
  Deno.test(`clients on a directory with ${what}: a documented exit code and one line`, async () => {
    requireToolset(OURS);
    using tree = makeTree(spec);
    await Promise.all(CLIENTS.map((words) => checkClient(words, tree.path("d"))));
  });
}
