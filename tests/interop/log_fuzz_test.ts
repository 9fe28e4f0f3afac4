/**
 * Scripts that nobody would write: ours accepts what C accepts, with the same exit code, and never
 * crashes.
 */
import { assertEquals } from "@std/assert";
import { run, start } from "../fixture/command.ts";
import { OURS, requireToolset, THEIRS, type Toolset } from "../fixture/toolset.ts";
import { makeTree } from "../fixture/tree.ts";
import { seededRandom } from "../unit/core/seeded_random.ts";
import { regularExpression } from "./log_generator.ts";

const SCRIPTS = 320;
const AT_ONCE = 4;
/** What a user must never see. */
const CRASH = /internal error|^\s+at |Uncaught|panicked|\(os error/m;

type Random = (below: number) => number;

function pick<T>(random: Random, list: readonly T[]): T {
  return list[random(list.length)]!;
}

const NUMBERS = [
  "",
  "0",
  "1",
  "5",
  "48",
  "4096",
  "05",
  "+5",
  "-1",
  " 5",
  "5 ",
  "5k",
  "0x10",
  "1e3",
  "4294967295",
  "4294967296",
] as const;
const LARGE = [
  "2147483647",
  "2147483648",
  "18446744073709551615",
  "18446744073709551616",
  "99999999999999999999999",
] as const;
const CONTROLS = [
  "t",
  "T",
  "f",
  "p",
  "pa",
  "p ",
  "!",
  "?",
  "!cat",
  "?cat",
  "tt",
  "T5",
  "ff",
  "-",
  "+",
  "",
  " ",
  "é",
  "\x01",
] as const;
/**
 * As they are, so that nothing is written anywhere else. The same one twice is let be: C loses
 * lines then.
 */
const ACTIONS = [
  "1",
  "2",
  "11",
  "2x",
  "=status",
  "=missing/status",
  "=",
  "./log",
  "./log/",
  "...",
  "./é",
] as const;
const BROKEN_EXPRESSIONS = [
  "(",
  ")",
  "[",
  "a{",
  "a{1",
  "a{2,1}",
  "*",
  "a**",
  "[[:nothing:]]",
  "[z-a]",
  "\\",
  "()",
  "a|*b",
  "^*",
  "a{99999}",
  "[[.a.]]",
] as const;
const OPTIONS = [
  "-b",
  "-q",
  "-v",
  "-p",
  "-l",
  "-l5",
  "-l x",
  "-bq",
  "-l 100",
  "-z",
  "-d2",
  "-d 99",
  "-dx",
  "--",
  "-bl",
  "-q-",
] as const;

/** A directive that says nothing of places, sometimes with a character too much or too few. */
function control(random: Random): string {
  const kind = random(10);
  const number = pick(random, random(4) === 0 ? LARGE : NUMBERS);
  const text = kind < 4
    ? pick(random, [..."nsSlrE"]) + number
    : kind === 4
    ? `^${random(70000)}`
    : kind < 8
    ? pick(random, ["+", "-"]) +
      (random(2) === 0 ? pick(random, BROKEN_EXPRESSIONS) : regularExpression(random))
    : pick(random, CONTROLS);
  if (random(12) > 0) return text;
  const at = random(text.length + 1);
  const mutated = random(2) === 0
    ? text.slice(0, at) + text.slice(at + 1)
    : text.slice(0, at) + pick(random, [..."x1 +(*"]) + text.slice(at);
  return /^[/.=R]/.test(mutated) ? text : mutated;
}

function script(seed: number): string[] {
  const random = seededRandom(seed);
  const options = random(5) === 0
    ? [pick(random, OPTIONS)].flatMap((option) => option.split(" "))
    : [];
  const actions = new Set<string>();
  const directives = Array.from({ length: random(5) }, () => {
    if (random(3) > 0) return control(random);
    const action = pick(random, ACTIONS);
    return action.startsWith("./log") && actions.has("./log")
      ? "1"
      : (actions.add(action.replace(/\/$/, "")), action);
  });
  const last = random(6) === 0 ? [] : [pick(random, ["1", "2", "=status"])];
  return [...options, ...(random(20) === 0 ? [] : ["--"]), ...directives, ...last];
}

async function outcome(
  toolset: Toolset,
  args: readonly string[],
): Promise<{ code: number; stderr: string }> {
  requireToolset(toolset);
  using tree = makeTree();
  return await run(toolset.bin("s6-log"), args, { cwd: tree.root, stdin: "abc\nerror 42\n\n" });
}

Deno.test(`${SCRIPTS} random scripts: accepted or refused as C does, with its exit code`, async () => {
  const seeds = Array.from({ length: SCRIPTS }, (_, index) => index + 1);
  const wrong: string[] = [];
  let accepted = 0;
  const work = async (): Promise<void> => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
      const args = script(seed);
      const [ours, theirs] = await Promise.all([outcome(OURS, args), outcome(THEIRS, args)]);
      const told = `seed ${seed}: s6-log ${
        JSON.stringify(args)
      }; ours said ${ours.stderr}, theirs ${theirs.stderr}`;
      if (ours.code !== theirs.code || CRASH.test(ours.stderr)) {
        wrong.push(`${ours.code}, not ${theirs.code}: ${told}`);
      }
      if (ours.code === 0) accepted++;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  assertEquals(wrong, []);
  assertEquals(
    accepted > SCRIPTS / 5 && accepted < SCRIPTS * 4 / 5,
    true,
    `${accepted} of ${SCRIPTS} were accepted: too one-sided`,
  );
});

const UNUSABLE: readonly (readonly [what: string, args: readonly string[], code: number])[] = [
  ["no script", [], 100],
  ["a logdir whose parent is missing", ["./missing/log"], 111],
  ["a logdir that is a file", ["./file"], 111],
  ["a logdir below a file", ["./file/log"], 111],
  ["a logdir whose current is a directory", ["./odd"], 111],
  ["a script that ends without an action", ["1", "n5"], 0],
  ["a script without any action", ["n5", "t"], 100],
  ["an unknown option", ["-x", "1"], 100],
];

for (const [what, args, code] of UNUSABLE) {
  for (const toolset of [OURS, THEIRS]) {
    Deno.test(`${toolset.name}: ${what}: exit code ${code}`, async () => {
      requireToolset(toolset);
      using tree = makeTree({ "file": "", "odd/current/": "" });
      const { code: got, stderr } = await run(toolset.bin("s6-log"), args, { cwd: tree.root });
      assertEquals([got, CRASH.test(stderr)], [code, false], stderr);
    });
  }
}

Deno.test("a logdir that another logger has: 111, and the cure", async () => {
  for (const [holder, second] of [[THEIRS, OURS], [OURS, THEIRS], [OURS, OURS]] as const) {
    requireToolset(holder);
    using tree = makeTree();

    await using first = start(holder.bin("s6-log"), ["1", "./log"], { cwd: tree.root });
    const writer = first.stdin.getWriter();
    await writer.write(new TextEncoder().encode("line\n"));
    await first.stdout.until("line");
    const { code, stderr } = await run(second.bin("s6-log"), ["./log"], { cwd: tree.root });
    assertEquals(code, 111, stderr);
    if (second === OURS) {
      assertEquals(
        stderr,
        "s6-log: fatal: unable to lock ./log/lock: Device or resource busy; another logger writes there; give each its own directory\n",
      );
    }
    writer.releaseLock();
  }
});
