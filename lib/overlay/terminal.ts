/**
 * The terminal of `docker run -it`, lent to the CMD.
 *
 * Where this process leads the terminal's session, as PID 1 does, it lets go of it, and the CMD
 * gets a session of its own with it: so the CMD is no background job of a shell, and ^Z can't stop
 * a program that no shell would continue. Where a shell or an engine's init leads the session, the
 * CMD is a process group in the foreground, as a shell's job is, and the foreground is taken back
 * when it has ended. Source: credentials(7), ioctl_tty(2), tcsetpgrp(3); s6-overlay 2.2.0.3,
 * init-stage2 (s6-setsid -gq).
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

/** How the CMD is started with regard to the terminal. */
export type Grouping = Pick<SpawnRequest, "newSession" | "controllingTerminal" | "foregroundOf">;

export class Terminal {
  readonly #fd: number;
  /** How many SIGHUP are our own doing. */
  #ownHangups = 0;
  #lent = false;

  /** @param fd The container's standard input. */
  constructor(fd: number) {
    this.#fd = fd;
  }

  /** Whether the container has a terminal at all. */
  get present(): boolean {
    return isTerminal(this.#fd);
  }

  /** To be called right before the CMD is started. */
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

  /** Whether a SIGHUP only says that we have let go of the terminal. Asked once for each. */
  isOwnHangup(): boolean {
    if (this.#ownHangups === 0) return false;
    this.#ownHangups--;
    return true;
  }
}
