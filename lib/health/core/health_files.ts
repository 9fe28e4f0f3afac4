/**
 * The one schema of `health-check/` in a service directory: every file that has a meaning there,
 * what may stand in it, and what holds without it. The supervisor's reader, `hexad check`,
 * `hexad new` and `hexad help health-check` use it, and a test holds the table of
 * docs/servicedir.md against it. The words are those of the Compose specification. Pure.
 */

export const HEALTH_DIRECTORY = "health-check";

/** What happens when the service becomes unhealthy. */
export const REACTIONS = ["none", "restart", "essential"] as const;
export type Reaction = typeof REACTIONS[number];

/**
 * program: an executable file. The kinds down to `path` are ways to check: exactly one file of them
 * is there. The others are settings.
 */
export type HealthFileKind =
  | "program"
  | "tcp"
  | "url"
  | "path"
  | "statuses"
  | "milliseconds"
  | "count"
  | "reaction";

export interface HealthFile {
  readonly kind: HealthFileKind;
  /** The value that holds without the file, where there is one. */
  readonly usual?: number | string;
  /** The least number that counts; default: 1. */
  readonly least?: number;
  /** Its row in docs/servicedir.md: what it holds, and what is without it. */
  readonly page: readonly [holds: string, without: string];
  /** Its line in `hexad help health-check`. */
  readonly help: string;
}

// deno-fmt-ignore
export const HEALTH_FILES = {
  "run": {
    kind: "program", page: ["a program", "none"],
    help: "a program that exits 0 if the service is well",
  },
  "tcp": {
    kind: "tcp", page: ["`PORT` or `HOST:PORT`", "none"],
    help: "PORT or HOST:PORT: somebody accepts a connection there",
  },
  "http": {
    kind: "url", page: ["`http://HOST:PORT/PATH`", "none"],
    help: "http://HOST:PORT/PATH: the answer to GET has one of http-status",
  },
  "unix": {
    kind: "path", page: ["the path of a socket", "none"],
    help: "the path of a socket: somebody accepts a connection there",
  },
  "http-status": {
    kind: "statuses", usual: "200-399", page: ["statuses: `200`, `200-299`, `200,404`", "`200-399`"],
    help: "the statuses of a good answer, such as 200 or 200-299,404; default 200-399",
  },
  "interval": {
    kind: "milliseconds", usual: 30_000, page: ["milliseconds", "30000"],
    help: "milliseconds from one check to the next; default 30000",
  },
  "timeout": {
    kind: "milliseconds", usual: 30_000, page: ["milliseconds", "30000"],
    help: "milliseconds that one check may take; default 30000",
  },
  "retries": {
    kind: "count", usual: 3, page: ["a number, from 1", "3"],
    help: "after so many failures in a row the service is unhealthy; default 3",
  },
  "start-period": {
    kind: "milliseconds", least: 0, page: ["milliseconds", "as long as `interval`"],
    help: "milliseconds after a start in which failures don't count; default: interval",
  },
  "start-interval": {
    kind: "milliseconds", usual: 5000, page: ["milliseconds", "5000, or `interval` if that is less"],
    help: "the interval in that time, until a check succeeds; default 5000, interval at most",
  },
  "on-unhealthy": {
    kind: "reaction", usual: "none", page: ["`none`, `restart` or `essential`", "`none`"],
    help: "what is done then: none, restart (the service), or essential (all ends)",
  },
} as const satisfies Readonly<Record<string, HealthFile>>;

export type HealthFileName = keyof typeof HEALTH_FILES;

/** The files as rows, for whoever goes through them. */
export const HEALTH_ROWS = Object.entries(HEALTH_FILES) as readonly (readonly [
  name: HealthFileName,
  file: HealthFile,
])[];

/** The files that say how to check, in the order in which they count. */
export const CHECK_FILES = [
  "run",
  "tcp",
  "http",
  "unix",
] as const satisfies readonly HealthFileName[];
