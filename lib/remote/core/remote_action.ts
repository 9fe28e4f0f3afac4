/** What a server is asked to do for the letters that a supervisor on this machine would get. Pure. */
import type { Action } from "../../serve/core/routes.ts";
import { SIGNAL_LETTERS } from "../../servicedir/core/control_letters.ts";
import { SERVICE_COMMANDS } from "../../servicedir/core/service_command.ts";

export interface RemoteAction {
  readonly action: Action;
  /** With `signal`: `SIGHUP`. */
  readonly signal?: string;
}

/** Undefined: a server can't be asked for that. */
export function remoteAction(letters: string): RemoteAction | undefined {
  for (const action of ["start", "stop", "restart"] as const) {
    if (SERVICE_COMMANDS[action].letters === letters) return { action };
  }
  const signal = Object.keys(SIGNAL_LETTERS).find((name) => SIGNAL_LETTERS[name] === letters);
  return signal === undefined ? undefined : { action: "signal", signal };
}
