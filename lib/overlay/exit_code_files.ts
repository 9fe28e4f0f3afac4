/** The files that hold the container's exit code: ours, and the one that scripts may write. */
import type { OverlayPaths } from "./core/overlay_paths.ts";
import { encodePath } from "../core/text/path_bytes.ts";
import { O_CREAT, O_TRUNC, O_WRONLY } from "../core/linux/open_flags.ts";
import { SyscallError } from "../libc/bind.ts";
import { close, writeAll } from "../libc/file.ts";
import { readSmallFile } from "../libc/small_file.ts";
import { openFile } from "../libc/wary_open.ts";
import { parseRecordedCode } from "./core/recorded_code.ts";

const MAX_BYTES = 64;

export class ExitCodeFiles {
  readonly #paths: Pick<OverlayPaths, "results" | "state">;
  readonly #warn: (text: string) => void;
  /**
   * The last warning about a wrong code. The code is read several times, but the warning is printed
   * once.
   */
  #toldMistake: string | undefined;

  constructor(paths: Pick<OverlayPaths, "results" | "state">, warn: (text: string) => void) {
    this.#paths = paths;
    this.#warn = warn;
  }

  record(code: number): void {
    try {
      const path = `${this.#paths.results}/exitcode`;
      const fd = openFile(path, O_WRONLY | O_CREAT | O_TRUNC, { mode: 0o644, shared: () => false });
      try {
        writeAll(fd, encodePath(`${code}\n`), "write exitcode");
      } finally {
        close(fd);
      }
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      this.#warn(`${error.message} (the exit code stays what it was)`);
    }
  }

  recorded(): number | undefined {
    return this.#codeIn(`${this.#paths.state}/env-stage3/S6_STAGE2_EXITED`) ??
      this.#codeIn(`${this.#paths.results}/exitcode`);
  }

  #codeIn(path: string): number | undefined {
    try {
      const bytes = readSmallFile(path, MAX_BYTES);
      const recorded = bytes === undefined ? undefined : parseRecordedCode(bytes);
      if (recorded?.mistake !== undefined && recorded.mistake !== this.#toldMistake) {
        this.#toldMistake = recorded.mistake;
        this.#warn(`${path}: ${recorded.mistake}`);
      }
      return recorded?.code;
    } catch (error) {
      if (error instanceof SyscallError) return undefined;
      throw error;
    }
  }
}
