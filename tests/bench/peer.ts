/** What the benchmark must know of a supervision suite in order to run it beside the others. */

/** The files of one service, and its name; the suite decides what it needs beside `run`. */
export interface Service {
  readonly name: string;
  /** The text of an executable script. */
  readonly run: string;
  /**
   * The script writes a newline to this descriptor when it is ready; only some suites know that.
   */
  readonly notificationFd?: number;
}

export interface ControlCommands {
  /** Ends the service and returns when it is down. */
  down(service: string): readonly string[];
  /** Starts the service and returns when it is up. */
  up(service: string): readonly string[];
}

export interface Peer {
  readonly name: string;
  /** Name and version, for the report. */
  readonly title: string;
  /** Writes into the empty directory what the suite is started on. */
  lay(directory: string, services: readonly Service[]): void;
  /**
   * Writes into the directory of a service what makes its logger keep its lines in `log/lines`;
   * absent: the suite has no loggers.
   */
  layLogger?(servicedir: string): void;
  /** The Debian packages that it is made of; absent: it is ours. */
  readonly packages?: readonly string[];
  /** The command line that supervises the directory, in the foreground. */
  command(directory: string): readonly string[];
  control(directory: string): ControlCommands;
}

/**
 * The service directory as s6 and runit have it: a directory named after the service with an
 * executable `run`.
 */
export function layServicedirs(directory: string, services: readonly Service[]): void {
  for (const { name, run, notificationFd } of services) {
    Deno.mkdirSync(`${directory}/${name}`);
    Deno.writeTextFileSync(`${directory}/${name}/run`, run, { mode: 0o755 });
    if (notificationFd !== undefined) {
      Deno.writeTextFileSync(`${directory}/${name}/notification-fd`, `${notificationFd}\n`);
    }
  }
}

/** A logger that is a process: a directory `log` with an executable `run`. */
export function layLogRun(servicedir: string, command: string): void {
  Deno.mkdirSync(`${servicedir}/log/lines`, { recursive: true });
  Deno.writeTextFileSync(`${servicedir}/log/run`, `#!/bin/sh\nexec ${command}\n`, { mode: 0o755 });
}

/** The version that Debian's package list tells, as in `s6 2.11.3.2-1`. */
export function debianTitle(name: string): string {
  const query = new Deno.Command("dpkg-query", {
    args: ["-W", "-f", "${Version}", name],
    stderr: "null",
  }).outputSync();
  const version = new TextDecoder().decode(query.stdout).trim();
  return version === "" ? name : `${name} ${version}`;
}
