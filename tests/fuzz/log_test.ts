/**
 * Scripts that nobody would write: ours accepts what C accepts, with the same exit code, and never
 * crashes. Scripts that somebody could write, on lines of all kinds: the same is there afterwards.
 */
import { run } from "../fixture/command.ts";
import { requireToolset, THEIRS, type Toolset } from "../fixture/toolset.ts";
import { makeTree } from "../fixture/tree.ts";
import {
  generalCase,
  type LogCase,
  regularExpression,
  rotationCase,
} from "../interop/log_generator.ts";
import {
  assertSame,
  type Feed,
  type Outcome,
  runLogger,
  withoutFileEnds,
} from "../interop/log_outcome.ts";
import type { Dice } from "./dice.ts";
import { findsTest, fuzzTest } from "./fuzz_test_case.ts";
import type { Fuzzer, Round } from "./fuzzer.ts";
import { LIMIT_MS } from "./obeying.ts";
import { PlantedTools } from "./planted.ts";

/** In a round. */
const SCRIPTS = 6;
/** What a user must never see. */
const CRASH = /internal error|^\s+at |Uncaught|panicked|\(os error/m;

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
function control(dice: Dice): string {
  const kind = dice.below(10);
  const number = dice.pick(dice.onceIn(4) ? LARGE : NUMBERS);
  const text = kind < 4
    ? dice.pick([..."nsSlrE"]) + number
    : kind === 4
    ? `^${dice.below(70000)}`
    : kind < 8
    ? dice.pick(["+", "-"]) +
      (dice.onceIn(2) ? dice.pick(BROKEN_EXPRESSIONS) : regularExpression(dice.below))
    : dice.pick(CONTROLS);
  if (!dice.onceIn(12)) return text;
  const at = dice.below(text.length + 1);
  const mutated = dice.onceIn(2)
    ? text.slice(0, at) + text.slice(at + 1)
    : text.slice(0, at) + dice.pick([..."x1 +(*"]) + text.slice(at);
  return /^[/.=R]/.test(mutated) ? text : mutated;
}

function script(dice: Dice): string[] {
  const options = dice.onceIn(5) ? [dice.pick(OPTIONS)].flatMap((option) => option.split(" ")) : [];
  const actions = new Set<string>();
  const directives = dice.times(dice.below(5), () => {
    if (!dice.onceIn(3)) return control(dice);
    const action = dice.pick(ACTIONS);
    return action.startsWith("./log") && actions.has("./log")
      ? "1"
      : (actions.add(action.replace(/\/$/, "")), action);
  });
  const last = dice.onceIn(6) ? [] : [dice.pick(["1", "2", "=status"])];
  return [...options, ...(dice.onceIn(20) ? [] : ["--"]), ...directives, ...last];
}

async function answer(
  toolset: Toolset,
  args: readonly string[],
): Promise<{ code: number; stderr: string }> {
  using tree = makeTree();
  return await run(toolset.bin("s6-log"), args, {
    cwd: tree.root,
    stdin: "abc\nerror 42\n\n",
    timeoutMs: LIMIT_MS,
  });
}

/** Accepted or refused as C does, with its exit code. */
async function compareAnswers({ dice, step, ours }: Round): Promise<void> {
  for (const args of dice.times(SCRIPTS, () => script(dice))) {
    step(`s6-log ${JSON.stringify(args)}`);
    const [own, theirs] = await Promise.all([answer(ours, args), answer(THEIRS, args)]);
    if (own.code === theirs.code && !CRASH.test(own.stderr)) continue;
    throw new Error(
      `exit code ${own.code}, and C's is ${theirs.code}; ours said ${own.stderr}, theirs ${theirs.stderr}`,
    );
  }
}

async function outcome(toolset: Toolset, { args, input }: LogCase, feed: Feed): Promise<Outcome> {
  using tree = makeTree();
  return await runLogger(toolset, tree.root, args, input, feed);
}

/** The same lines in the same places: what is there afterwards, byte for byte up to stamps. */
async function compareOutcomes({ step, ours }: Round, pair: LogCase, feed: Feed): Promise<void> {
  step(`${feed}: ${pair.name}`);
  const [own, theirs] = await Promise.all([outcome(ours, pair, feed), outcome(THEIRS, pair, feed)]);
  if (feed === "line by line") assertSame(own, theirs, pair.name);
  else assertSame(withoutFileEnds(own), withoutFileEnds(theirs), pair.name);
}

const LOG: Fuzzer = {
  name: "s6-log beside C",
  file: "tests/fuzz/log_test.ts",
  async play(round): Promise<void> {
    requireToolset(THEIRS);
    await compareAnswers(round);
    await compareOutcomes(round, generalCase(round.seed), "at once");
    await compareOutcomes(round, rotationCase(round.seed), "line by line");
  },
};

fuzzTest(LOG);

findsTest(LOG, {
  what: "a logger that loses a byte",
  plant: () => new PlantedTools({ "s6-log": `sed 's/ab/b/' | "$REAL" "$@"` }),
  says: /s6-log .* differs at \d+: ours/,
});
findsTest(LOG, {
  what: "a logger that accepts everything",
  plant: () => new PlantedTools({ "s6-log": '"$REAL" "$@"\nexit 0' }),
  says: /exit code 0, and C's is 1\d\d/,
});
