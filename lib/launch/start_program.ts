/**
 * Starting a program that may be a script of ours. One that begins with `#!/command/with-contenv
 * bash` would cost a process of this program that becomes bash; where it is sure what that process
 * would do, it is done here, and bash is started at once. docs/chain.md tells more.
 */
import { lastComponent } from "../core/text/path_name.ts";
import { decodePath } from "../core/text/path_bytes.ts";
import { Words } from "../execline/core/words.ts";
import { lookUp, rememberOwnFile } from "../execline/lookup.ts";
import { getenv } from "../libc/environ.ts";
import { spawn, type SpawnRequest } from "../libc/spawn.ts";
import { type Beginning, type GuestPort, scriptOfOurs, spawnAsGuest } from "./guest.ts";

let port: GuestPort | undefined;

/** From now on scripts may be run here. */
export function runScriptsHere(commands: GuestPort): void {
  port = commands;
}

/** As spawn(): a pid, or `-errno`. */
export function startProgram(request: SpawnRequest): number {
  return tryStartHere(request) ?? spawn(request);
}

/** A pid; undefined if it is no script that is to be run here, and nothing has been started. */
export function tryStartHere(request: SpawnRequest): number | undefined {
  return port === undefined ? undefined : startHere(request, port);
}

/**
 * A pid; undefined if that is not to be done here, for whatever reason: then a process does it, and
 * tells what is wrong.
 */
export function startHere(request: SpawnRequest, commands: GuestPort): number | undefined {
  if (
    request.newPidNamespace || request.controllingTerminal !== undefined ||
    request.foregroundOf !== undefined
  ) return undefined;
  try {
    rememberOwnFile();
    const found = beginningOf(request, commands);
    if (found === undefined) return undefined;
    const pid = spawnAsGuest(request, commands, found.name, found.words);
    return pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The command of ours that the request begins with, as a script's interpreter or by itself. This is
 * asked about every program that is started.
 */
function beginningOf(
  { path, argv, directory, searchPath }: SpawnRequest,
  commands: GuestPort,
): Beginning | undefined {
  if (searchPath) return foundInPath(path, argv, commands);
  // it would have to be looked for from there
  if (directory !== undefined && !path.startsWith("/")) return undefined;
  if (!path.includes("/") || !commands.isCommand(lastComponent(path))) {
    return scriptOfOurs(path, argv, commands);
  }
  return ofOurs(path, undefined, argv, commands);
}

/** What posix_spawnp would find, if all directories of PATH are absolute. */
function foundInPath(
  name: string,
  argv: readonly string[],
  commands: GuestPort,
): Beginning | undefined {
  const value = getenv("PATH");
  const path = value === undefined ? "" : decodePath(value);
  if (!path.split(":").every((directory) => directory.startsWith("/"))) return undefined;
  return ofOurs(name, path, argv, commands);
}

function ofOurs(
  program: string,
  path: string | undefined,
  argv: readonly string[],
  commands: GuestPort,
): Beginning | undefined {
  const found = lookUp(program, path, { isCommand: commands.isCommand, isAnywhere: () => false });
  if (found.kind === "ours") return { name: found.name, words: new Words(argv) };
  return scriptOfOurs(found.paths[0]!, argv, commands);
}
