/**
 * Bundles cmd/main.ts and all it needs as JavaScript: main.js, a chunk for each command, which is
 * read when that command is called, and chunks with code that commands share.
 *
 * It is minified because parsing takes most of a client command's start, and because the bundler's
 * comments would contain paths of the build machine.
 */
import { VERSION } from "../../cmd/version_number.ts";
import { run } from "../command.ts";
import { ROOT } from "../layout.ts";
import { commandsAlone } from "./commands_alone.ts";
import { withStableNames } from "./chunk_names.ts";
import { withOwnCopies } from "./own_copies.ts";
import { sharedBase, withSharedBase } from "./shared_base.ts";

const ENTRY = "cmd/main.ts";
/** What finds all commands that are not alone. */
const DISPATCH = "cmd/dispatch.ts";
/**
 * Daemons that need so much code that it would be in dozens of chunks, which would delay their
 * start.
 */
const LARGE_COMMANDS = [
  "cmd/overlay/init.ts",
  "cmd/supervision/svscan.ts",
  "cmd/supervision/supervise.ts",
  "cmd/log/log.ts",
];
/** What most links of chains need. */
const OFTEN_NEEDED = [
  "cmd/execline/exits.ts",
  "lib/execline/blocks.ts",
  "lib/execline/child_status.ts",
  "lib/libc/small_file.ts",
];
/** Commands that scripts and health checks call again and again, and that live for a moment. */
const COMMANDS_ALONE = [
  "s6-svok",
  "s6-svc",
  "s6-svstat",
  "s6-svwait",
  "s6-svscanctl",
  "s6-svdt",
  "s6-ftrig-notify",
  "s6-ftrig-wait",
  "s6-rc",
  "s6-rc-db",
  "printcontenv",
];
const SOURCE_DIRECTORIES = ["cmd", "lib", "tools/std"];
const PROJECT_FILES = ["deno.json", "deno.lock"];
/** Only one build at a time uses it. */
const STAGE = `${ROOT}/.dist.sources`;

export async function typeCheck(): Promise<void> {
  await run(Deno.execPath(), ["check", "--quiet", "cmd"], {
    cwd: ROOT,
    doing: "type-check cmd",
    showErrors: true,
  });
}

/**
 * Writes the bundle into the directory `into`.
 * @param made Generated modules, by the path of the module that each replaces
 */
export async function bundle(into: string, made: ReadonlyMap<string, string>): Promise<void> {
  await removeStage(); // left by a build that was killed
  try {
    await writeSources(STAGE, made);
    const options = [
      "--quiet",
      "--platform",
      "deno",
      "--code-splitting",
      "--minify",
      "--outdir",
      into,
    ];
    await run(Deno.execPath(), ["bundle", ...options, ENTRY], {
      cwd: STAGE,
      doing: `bundle ${ENTRY}`,
      showErrors: true,
    });
  } finally {
    await removeStage();
  }
  await renameChunks(into);
  await fixTimes(into);
}

/** So that the bytes do not depend on where the repository is. */
async function renameChunks(directory: string): Promise<void> {
  const chunks = new Map<string, string>();
  for await (const { name } of Deno.readDir(directory)) {
    chunks.set(name, await Deno.readTextFile(`${directory}/${name}`));
  }
  const stable = withStableNames(chunks, "main.js");
  for (const name of chunks.keys()) await Deno.remove(`${directory}/${name}`);
  for (const [name, text] of stable) await Deno.writeTextFile(`${directory}/${name}`, text);
}

async function removeStage(): Promise<void> {
  try {
    await Deno.remove(STAGE, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

async function writeSources(stage: string, made: ReadonlyMap<string, string>): Promise<void> {
  const sources = new Map<string, string>();
  for (const directory of SOURCE_DIRECTORIES) await readSources(directory, sources);
  for await (const { name } of Deno.readDir(`${ROOT}/docs`)) {
    if (!name.endsWith(".schema.json")) continue;
    sources.set(`docs/${name}`, await Deno.readTextFile(`${ROOT}/docs/${name}`));
  }
  sources.set("cmd/version_number.ts", `export const VERSION = ${JSON.stringify(VERSION)};\n`);
  for (const [path, text] of made) sources.set(path, text);
  const shared = withSharedBase(sources, DISPATCH, OFTEN_NEEDED);
  for (
    const [path, text] of [
      ...withOwnCopies(shared, DISPATCH, sharedBase(DISPATCH), LARGE_COMMANDS),
      ...commandsAlone(sources, ENTRY, COMMANDS_ALONE),
    ]
  ) {
    await Deno.mkdir(`${stage}/${path.slice(0, path.lastIndexOf("/"))}`, { recursive: true });
    await Deno.writeTextFile(`${stage}/${path}`, text);
  }
  for (const name of PROJECT_FILES) await Deno.copyFile(`${ROOT}/${name}`, `${stage}/${name}`);
}

async function readSources(directory: string, into: Map<string, string>): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(`${ROOT}/${directory}`)) {
    const path = `${directory}/${name}`;
    if (isDirectory) await readSources(path, into);
    else into.set(path, await Deno.readTextFile(`${ROOT}/${path}`));
  }
}

/**
 * `deno compile` records the time of each file. With a constant time, the same sources give the
 * same bytes.
 */
export async function fixTimes(directory: string): Promise<void> {
  for await (const { name } of Deno.readDir(directory)) {
    await Deno.utime(`${directory}/${name}`, 0, 0);
  }
}
