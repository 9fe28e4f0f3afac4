/**
 * Starts a program that may be a script for one of our commands. A script that begins with
 * `#!/command/with-contenv bash` would first start a process of this program, which then becomes
 * bash. If it is certain what that process would do, we do it here and start bash directly. More in
 * docs/chain.md.
 */
import { ENOENT } from "../core/linux/errno.ts";
import { lastComponent } from "../core/text/path_name.ts";
import { decodePath } from "../core/text/path_bytes.ts";
import { Words } from "../execline/core/words.ts";
import { lookUp, rememberOwnFile } from "../execline/lookup.ts";
import { SyscallError } from "../libc/bind.ts";
import { getenv } from "../libc/environ.ts";
import { spawn, type SpawnRequest } from "../libc/spawn.ts";
import { type Beginning, type GuestPort, scriptOfOurs, spawnAsGuest } from "./guest.ts";

let port: GuestPort | undefined;

/** Allows scripts to run here from now on. */
export function runScriptsHere(commands: GuestPort): void {
  port = commands;
}

/** As spawn(): a pid, or `-errno`. */
export function startProgram(request: SpawnRequest): number {
  const pid = tryStartHere(request) ?? spawn(request);
  return pid === -ENOENT && port !== undefined ? startAtOldPath(request, port) ?? pid : pid;
}

/**
 * Starts this program where a script asks for a command of ours at a path that older images had and
 * this one lacks, as `#!/bin/execlineb`. Undefined if it does not.
 */
function startAtOldPath(request: SpawnRequest, commands: GuestPort): number | undefined {
  try {
    rememberOwnFile();
    const found = beginningOf(request, commands);
    if (found === undefined) return undefined;
    const { searchPath: _, ...rest } = request;
    return spawn({ ...rest, ...commands.self(found.name, found.words.texts.slice(1)) });
  } catch (error) {
    if (error instanceof SyscallError) return undefined;
    throw error;
  }
}

/** Returns a pid; undefined if it is not a script to run here, and nothing has been started. */
export function tryStartHere(request: SpawnRequest): number | undefined {
  return port === undefined ? undefined : startHere(request, port);
}

/**
 * Returns a pid; undefined if this can't be done here, for whatever reason. Then a process does it
 * and reports the error.
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
 * Our command at the beginning of the request, as a script's interpreter or by itself. This runs
 * for every program that is started.
 */
function beginningOf(
  { path, argv, directory, searchPath }: SpawnRequest,
  commands: GuestPort,
): Beginning | undefined {
  if (searchPath) return foundInPath(path, argv, commands);
  // a relative path would have to be resolved from that directory
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
  // a name that PATH lacks is not found, as it would not be by others
  const isAnywhere = program.includes("/") ? commands.isAnywhere : (): boolean => false;
  const found = lookUp(program, path, { isCommand: commands.isCommand, isAnywhere });
  if (found.kind === "ours") return { name: found.name, words: new Words(argv) };
  return scriptOfOurs(found.paths[0]!, argv, commands);
}
