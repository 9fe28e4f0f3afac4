/**
 * The container's environment in /etc: a directory with a file for each variable, and what shells
 * and others read. Nothing is written where that directory does not exist.
 */
import { ENOENT } from "../core/linux/errno.ts";
import { byBytes } from "../core/text/bytes.ts";
import { decodePath, encodePath } from "../core/text/path_bytes.ts";
import { SyscallError } from "../libc/bind.ts";
import { readEnvironment, replaceEnvironment } from "../libc/environ.ts";
import { access, F_OK, readDirectory } from "../libc/file.ts";
import { readSmallFile, writeFileAtomically } from "../libc/small_file.ts";
import { isExported, jsonDump, shellDump, valueOfFile } from "./core/container_variables.ts";
import type { ImportRule } from "./port.ts";

/** More than the kernel accepts for one string of an environment. */
const VALUE_LIMIT = 256 * 1024;
const FILE_MODE = 0o644;

/** The files, below `/etc`. */
export class ContainerVariables {
  readonly #base: string;
  readonly #warn: (text: string) => void;

  constructor(etc: string, warn: (text: string) => void) {
    this.#base = `${etc}/container_environment`;
    this.#warn = warn;
  }

  get #isThere(): boolean {
    return access(this.#base, F_OK) !== -ENOENT;
  }

  /** Reads the directory into the environment of this process. */
  import({ clears, overrides }: ImportRule): void {
    if (!this.#isThere) return;
    const variables = clears ? new Map<string, string>() : readEnvironment();
    this.#trying(() => {
      for (const name of readDirectory(this.#base).sort(byBytes)) {
        const value = this.#trying(() => readSmallFile(`${this.#base}/${name}`, VALUE_LIMIT));
        if (value === undefined || name.includes("=")) continue;
        if (!overrides && variables.has(name)) continue;
        variables.set(name, valueOfFile(decodePath(value).replaceAll("\0", "")));
      }
      replaceEnvironment(variables);
    });
  }

  /** Writes the environment of this process. */
  export(intoDirectory: boolean): void {
    if (!this.#isThere) return;
    const variables = readEnvironment();
    for (const [name, value] of intoDirectory ? variables : []) {
      if (isExported(name)) this.#write(`${this.#base}/${name}`, value);
    }
    this.#write(`${this.#base}.sh`, shellDump(variables));
    this.#write(`${this.#base}.json`, jsonDump(variables));
  }

  #write(path: string, text: string): void {
    this.#trying(() => writeFileAtomically(path, encodePath(text), FILE_MODE));
  }

  #trying<T>(act: () => T): T | undefined {
    try {
      return act();
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      this.#warn(`${error.message} (going on without it)`);
      return undefined;
    }
  }
}
