/**
 * Where inputs are run, under their origin and under s6-svscan: one directory with a probe for each
 * input, in a mount namespace with accounts of the test's own.
 */
import { type Background, run, start } from "../../fixture/command.ts";
import { eventually } from "../../fixture/deadline.ts";
import { TREE_MARK } from "../../fixture/processes.ts";
import { OURS, ROOT } from "../../fixture/toolset.ts";
import { makeTree, type Tree } from "../../fixture/tree.ts";
import type { Seen } from "./input.ts";

const PROBE = `${ROOT}/tests/interop/origins/probe.c`;
/** Python and sixty processes at once, on a machine that does other things too. */
const LIMIT_MS = 60_000;

/** A probe that is run by nobody: what it has, the test runner has left open. */
const BARE = "bare";

/** What both have, and nothing else. */
const ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: `${OURS.bin("").slice(0, -1)}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
  HOME: "/root",
  // else Python sets LC_CTYPE
  LC_ALL: "C.UTF-8",
  GREETING: "hello world",
  WORD: "word",
  OPTIONS: "-a -b",
};

const ACCOUNTS: Readonly<Record<string, string>> = {
  "etc/passwd":
    "root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1::/usr/sbin:/usr/sbin/nologin\nnobody:x:65534:65534::/nonexistent:/usr/sbin/nologin\nhexadtest:x:4242:4242::/home/hexadtest:/bin/sh\n",
  "etc/group":
    "root:x:0:\ndaemon:x:1:\nadm:x:4:hexadtest\nmail:x:8:hexadtest\nnews:x:9:\nuucp:x:10:\nnogroup:x:65534:\nhexadtest:x:4242:\n",
};

/** Variables that any shell on the way leaves behind. */
const OF_SHELLS = /^(?:PWD|OLDPWD|SHLVL|_)=/;

export interface Stage extends AsyncDisposable {
  readonly tree: Tree;
  /** Descriptors of whoever runs the test. */
  readonly stray: readonly number[];
  /** `PROBE` and `ROOT` in a text, for an input of that name. */
  filled(text: string, name: string): string;
  /** Runs a supervisor until all of these probes have told what they see. */
  perform(
    words: readonly string[],
    names: readonly string[],
    cwd?: string,
  ): Promise<Map<string, Seen>>;
  /** `hexad import`. */
  imported(...args: readonly string[]): ReturnType<typeof run>;
  hexad(...args: readonly string[]): ReturnType<typeof run>;
}

export async function makeStage(names: readonly string[]): Promise<Stage> {
  const tree = makeTree({ "seen/": "", "logs/": "", "scan/": "", "bin/": "", ...ACCOUNTS });
  Deno.chmodSync(tree.path("seen"), 0o777);
  const { code, stderr } = await run("gcc", [
    "-O1",
    "-Wall",
    "-Wextra",
    "-Werror",
    "-static",
    "-o",
    tree.path("bin/probe"),
    PROBE,
  ]);
  if (code !== 0) throw new Error(stderr);
  for (const name of [...names, BARE]) {
    Deno.linkSync(tree.path("bin/probe"), tree.path(`bin/${name}`));
  }
  const mounts = [
    `mount --bind ${tree.path("etc/passwd")} /etc/passwd`,
    `mount --bind ${tree.path("etc/group")} /etc/group`,
    "mount -t tmpfs none /var/lib",
    "mount -t tmpfs none /run",
    "umask 022",
    'cd "$0"',
    'exec "$@"',
  ].join(" && ");
  const variables = Object.entries({ ...ENVIRONMENT, [TREE_MARK]: tree.root }).map((
    [name, value],
  ) => `${name}=${value}`);
  const inside = (cwd: string, words: readonly string[]): string[] => [
    ...["-m", "env", "-i", ...variables],
    ...["/bin/sh", "-c", mounts, cwd, ...words],
  ];
  const running: Background[] = [];
  const stop = async (): Promise<void> => {
    for (const background of running.splice(0)) {
      tree.killProcesses();
      await background[Symbol.asyncDispose]();
    }
  };
  const perform = async (
    words: readonly string[],
    wanted: readonly string[],
    cwd = "/",
  ): Promise<Map<string, Seen>> => {
    for (const { name } of Deno.readDirSync(tree.path("seen"))) tree.remove(`seen/${name}`);
    const supervisor = start("unshare", inside(cwd, words));
    running.push(supervisor);
    const missing = (): string[] => wanted.filter((name) => !tree.exists(`seen/${name}`));
    try {
      await eventually("all probes", () => missing().length === 0, LIMIT_MS);
    } catch {
      throw new Error(
        `no word of ${missing().join(" ")}; ${
          words[0]
        } said ${supervisor.stdout.text}${supervisor.stderr.text}`,
      );
    }
    const seen = wanted.map((name) =>
      [name, JSON.parse(tree.text(`seen/${name}`)) as Seen] as const
    );
    await stop();
    return new Map(seen);
  };
  const hexad = (...args: readonly string[]): ReturnType<typeof run> =>
    run("unshare", inside(tree.root, [OURS.bin("hexad"), ...args]), { timeoutMs: LIMIT_MS });
  const bare = (await perform([tree.path(`bin/${BARE}`)], [BARE])).get(BARE)!;
  return {
    tree,
    stray: bare.descriptors.filter((fd) => fd > 2),
    filled: (text, name) =>
      text.replaceAll("PROBE", tree.path(`bin/${name}`)).replaceAll("ROOT", tree.root),
    perform,
    hexad,
    imported: (...args) => hexad("import", ...args),
    [Symbol.asyncDispose]: async () => {
      await stop();
      tree[Symbol.dispose]();
    },
  };
}

/** What is compared: lists that have no order are sorted, and places of the test have one name. */
export function comparable(seen: Seen, { tree, stray }: Stage, directory: string): Seen {
  const placed = (text: string): string =>
    text.replaceAll(directory, "HERE").replaceAll(tree.root, "ROOT");
  return {
    ...seen,
    argv: seen.argv.map(placed),
    environment: seen.environment.filter((text) => !OF_SHELLS.test(text)).map(placed).sort(),
    // the primary group may stand in the list or not
    groups: [...new Set([...seen.groups, seen.gid[1]!])].sort((a, b) => a - b),
    descriptors: seen.descriptors.filter((fd) => !stray.includes(fd)),
    cwd: placed(seen.cwd),
  };
}
