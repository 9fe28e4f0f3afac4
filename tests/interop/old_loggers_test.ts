/**
 * svlogd and multilog: ours beside Debian's, the same lines into the same kind of directories. What
 * is stored, said and returned must be the same, but for the moments in stamps and names.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { run, start } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { OURS } from "../fixture/toolset.ts";
import { makeTree, type Tree } from "../fixture/tree.ts";

const LINES = "one\ntwo: fail\nthree aab\ntab\there\n\nlast one\n";
const LONG = `${"x".repeat(250)}\n`;
const MANY = Array.from({ length: 300 }, (_, i) => `line ${i} of many, ${"y".repeat(40)}\n`).join(
  "",
);

interface Case {
  readonly words: readonly string[];
  readonly config?: string;
  readonly input?: string;
}

const CASES: readonly Case[] = [
  { words: ["svlogd", "./log"] },
  { words: ["svlogd", "log"] },
  { words: ["svlogd", "-t", "./log"] },
  { words: ["svlogd", "-tt", "./log"] },
  { words: ["svlogd", "-ttt", "./log"] },
  { words: ["svlogd", "-r", "?", "./log"] },
  { words: ["svlogd", "-R", "abc", "./log"] },
  { words: ["svlogd", "-tt", "./log"], config: "ppre: \n" },
  { words: ["svlogd", "./log"], config: "# remark\n\n-two*\n-*: *\n" },
  { words: ["svlogd", "./log"], config: "-*\n+three +ab\n+one\n" },
  { words: ["svlogd", "./log"], config: "-*\n+*: fail\n" },
  { words: ["svlogd", "./log"], config: "etwo*\neone\nEone\n-one\n" },
  { words: ["svlogd", "./log", "./other"], config: "-*\n" },
  { words: ["svlogd", "./none", "./log"] },
  { words: ["svlogd", "./none"] },
  { words: ["svlogd"] },
  { words: ["svlogd", "./log"], config: "s4096\nn2\n", input: MANY },
  { words: ["svlogd", "./log"], config: "s4096\n!tr y z\n", input: MANY },
  { words: ["multilog", "./log"] },
  { words: ["multilog", "t", "./log"] },
  { words: ["multilog", "./new"] },
  { words: ["multilog", "-*", "+two: *", "./log", "+last *", "./other"] },
  { words: ["multilog", "t", "-*", "+* two: *", "./log"] },
  { words: ["multilog", "-one", "e", "./log"] },
  { words: ["multilog", "e"], input: LONG },
  { words: ["multilog", "-*", "+*: fail", "=status", "./log"] },
  { words: ["multilog", "s4096", "n3", "./log"], input: MANY },
  { words: ["multilog", "./log"], input: "no end" },
  { words: ["multilog"] },
];

/** Files by name; names of old files in their order, as numbers. */
function filesIn(tree: Tree): Record<string, string> {
  const files: Record<string, string> = {};
  for (const directory of ["log", "other", "new"].filter((name) => tree.exists(name))) {
    const names = [...Deno.readDirSync(tree.path(directory))].map(({ name }) => name).sort();
    const old = names.filter((name) => name.startsWith("@"));
    for (const name of [...old, ...names.filter((one) => one === "current")]) {
      const key = name === "current" ? name : `${old.indexOf(name)}${name.slice(-2)}`;
      files[`${directory}/${key}`] = comparable(tree.text(`${directory}/${name}`));
    }
  }
  if (tree.exists("status")) files.status = tree.text("status");
  return files;
}

function comparable(text: string): string {
  return text.replace(/^@[0-9a-f]{24} /gm, "@STAMP ")
    .replace(/^[0-9]{4}-[0-9]{2}-[0-9]{2}([_T])[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{5} /gm, "DATE$1 ");
}

let installed: Promise<Tree> | undefined;

async function install(): Promise<Tree> {
  const tree = makeTree();
  for (const suite of ["runit", "daemontools"]) {
    await run(OURS.bin("hexad"), [`--compat=${suite}`, "--install", tree.root]);
  }
  return tree;
}

Deno.test.afterAll(async () => (await installed)?.[Symbol.dispose]());

async function outcome(bin: string, { words, config, input = LINES }: Case): Promise<unknown> {
  using tree = makeTree({
    "log/": "",
    "other/": "",
    ...(config === undefined ? {} : { "log/config": config }),
    input,
  });
  const [program, ...args] = words;
  const script = 'exec "$0" "$@" <input';
  const { code, stderr } = await run("/bin/sh", ["-c", script, `${bin}/${program}`, ...args], {
    cwd: tree.root,
  });
  const said = comparable(stderr).split("\n").filter((line) =>
    line !== "" && !line.includes("usage:")
  ).join("\n");
  const files = filesIn(tree);
  // how full a file is when multilog begins another depends on its buffer
  const seen = program === "multilog" && input === MANY ? Object.keys(files) : files;
  return { code, said: said.replace(/directories\.$/m, "directories"), files: seen };
}

for (const one of CASES) {
  const title = `${one.words.join(" ")} ${JSON.stringify(one.config ?? "")}`;
  Deno.test(`as the original logger: ${title}`, async () => {
    const { root } = await (installed ??= install());
    const [ours, theirs] = await Promise.all([outcome(root, one), outcome("/usr/bin", one)]);
    assertEquals(ours, theirs);
  });
}

Deno.test("svlogd: SIGALRM rotates, SIGHUP reads the config again, SIGTERM ends with the line", async () => {
  const { root } = await (installed ??= install());
  using tree = makeTree({ "log/": "" });
  const logger = start(`${root}/svlogd`, [tree.path("log")]);
  const writer = logger.stdin.getWriter();
  const write = (text: string) => writer.write(new TextEncoder().encode(text));
  await write("one\n");
  await eventually(
    "the first line",
    () => tree.exists("log/current") && tree.text("log/current") === "one\n",
  );
  logger.kill("SIGALRM");
  await eventually("a new file", () => tree.text("log/current") === "");
  tree.add({ "log/config": "ppre \n" });
  logger.kill("SIGHUP");
  // it is another process of the same number, in which the signal is caught again
  await write("two\n");
  await eventually("a line in the new form", async () => {
    if (tree.text("log/current").endsWith("pre two\n")) return true;
    await write("two\n");
    return false;
  });
  logger.kill("SIGTERM");
  await write("\n").catch(() => {});
  await writer.close().catch(() => {});
  assertEquals(await logger.ended(), 0);
  assertMatch(tree.text("log/current"), /^(two\n)*(pre two\n)+(pre \n)?$/);
});
