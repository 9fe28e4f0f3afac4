/**
 * Where the overlay keeps what it makes at run time, under the directory that S6_RUNDIR names.
 * Source: s6-overlay 3.2.3, libexec/preinit and libexec/stage0; 2.2, init-stage1 for the older
 * names. Pure.
 */

export const DEFAULT_RUNDIR = "/run";

/** Names the directory for everything that is made at run time, if it can't be /run. */
export const RUNDIR_VARIABLE = "S6_RUNDIR";

/** The runtime directory, without a trailing slash: S6_RUNDIR, or /run. */
export function runtimeDirectory(env: ReadonlyMap<string, string>): string {
  const asked = env.get(RUNDIR_VARIABLE) ?? "";
  return asked === "" ? DEFAULT_RUNDIR : asked.replace(/(?<=.)\/+$/, "");
}

/** Directories under the runtime directory, by their purpose. */
export interface OverlayPaths {
  readonly rundir: string;
  /** The overlay's own files, except services. */
  readonly state: string;
  readonly scandir: string;
  /** What finish scripts tell PID 1: `exitcode`. */
  readonly results: string;
  /** One file for each variable of the container's environment. */
  readonly containerEnvironment: string;
}

export function overlayPaths(rundir: string): OverlayPaths {
  return {
    rundir,
    state: `${rundir}/s6`,
    scandir: `${rundir}/service`,
    results: `${rundir}/s6-linux-init-container-results`,
    containerEnvironment: `${rundir}/s6/container_environment`,
  };
}
