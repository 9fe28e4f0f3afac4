/**
 * The terminal of `docker run -it`, lent to the CMD.
 *
 * If this process leads the terminal's session, as PID 1 does, it gives the terminal up, and the
 * CMD gets its own session with it. So ^Z can't stop a program that no shell would continue. If a
 * shell or an engine's init leads the session, the CMD becomes the process group in the foreground,
 * like a shell's job, and the foreground is taken back when it has ended. Source: credentials(7),
 * ioctl_tty(2), tcsetpgrp(3); s6-overlay 2.2.0.3, init-stage2 (s6-setsid -gq).
 */
import { access, F_OK } from "../libc/file.ts";
import { getpid, setForegroundGroup } from "../libc/process.ts";
import type { SpawnRequest } from "../libc/spawn.ts";
import {
  disownTerminal,
  foregroundGroup,
  isTerminal,
  ownGroup,
  ownSession,
} from "../libc/terminal.ts";

const CHILDS_STDIN = "/proc/self/fd/0";

/** How to start the CMD with regard to the terminal. */
export type Grouping = Pick<SpawnRequest, "newSession" | "controllingTerminal" | "foregroundOf">;

export class Terminal {
  readonly #fd: number;
  /** How many SIGHUPs we have caused ourselves. */
  #ownHangups = 0;
  #lent = false;

  /** @param fd The container's standard input */
  constructor(fd: number) {
    this.#fd = fd;
  }

  /** Whether the container has a terminal at all. */
  get present(): boolean {
    return isTerminal(this.#fd);
  }

  /** Must be called right before the CMD is started. */
  lend(): Grouping {
    if (!this.present || access(CHILDS_STDIN, F_OK) < 0) return { newSession: true };
    const foreground = foregroundGroup(this.#fd);
    if (ownSession() === getpid()) {
      const ours = foreground === ownGroup();
      if (disownTerminal(this.#fd) === 0 && ours) this.#ownHangups++;
    } else if (foreground === ownGroup()) {
      this.#lent = true;
      return { foregroundOf: this.#fd };
    }
    return { newSession: true, controllingTerminal: CHILDS_STDIN };
  }

  /** The CMD has ended, or could not be started. */
  takeBack(): void {
    if (this.#lent) setForegroundGroup(this.#fd, ownGroup(), { grab: true });
    this.#lent = false;
  }

  /**
   * Whether a SIGHUP only means that we have given up the terminal. Call it once for each SIGHUP.
   */
  isOwnHangup(): boolean {
    if (this.#ownHangups === 0) return false;
    this.#ownHangups--;
    return true;
  }
}
