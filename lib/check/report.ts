/** What one run of `hexad check` knows and has found so far. */
import type { CheckFinding, Mend } from "./core/check_finding.ts";
import type { Diagnosis } from "../core/diagnosis/diagnoses.ts";
import type { KnownCommands } from "./core/script_check.ts";
import type { RootView, User } from "./root_view.ts";

export interface FindingPlace {
  readonly line?: number;
  readonly column?: number;
  readonly mend?: Mend;
}

export interface ReportOptions {
  readonly view: RootView;
  readonly known: KnownCommands;
  /** Programs, users and directories that are not there will not come from elsewhere. */
  readonly complete: boolean;
  /** Whom services run as that name nobody. */
  readonly user: User;
  /** Where programs are looked for that are named without a slash. */
  readonly path: readonly string[];
  /** How a path is called in front of the user. */
  readonly shown: (path: string) => string;
  /** Where the directory `here` will be when it is run: `there`. Absent if that is not known. */
  readonly placed?: { readonly here: string; readonly there: string };
}

const MAKERS =
  /\b(?:mkdir|install|chown|ln|cp|tar|fix-attrs|tmpfiles)\b|\b(?:true|false) \S+ [0-7-]+ [0-7-]+/;

export class Report {
  readonly view: RootView;
  readonly known: KnownCommands;
  readonly complete: boolean;
  readonly user: User;
  readonly path: readonly string[];
  findings: CheckFinding[] = [];
  services = 0;
  /** Log directories, and the logger that writes there. */
  readonly logdirs = new Map<string, string>();
  /** Scripts that run before any service and may make what services need. */
  readonly preparations: string[] = [];
  readonly #shown: (path: string) => string;
  readonly #placed: { readonly here: string; readonly there: string } | undefined;

  constructor({ view, known, complete, user, path, shown, placed }: ReportOptions) {
    this.view = view;
    this.complete = complete;
    this.user = user;
    this.path = path;
    this.#shown = shown;
    this.#placed = placed;
    const isThere = (name: string): boolean =>
      !complete || this.findProgram(name, "/") !== undefined;
    this.known = { ...known, isProgram: isThere };
  }

  shown(path: string): string {
    return this.#shown(path);
  }

  /** The name that a path has when it is run; undefined if that is not known. */
  runsAt(path: string): string | undefined {
    return moved(path, this.#placed?.here, this.#placed?.there);
  }

  /** Where here is what a script names. */
  seenAt(path: string): string {
    return moved(path, this.#placed?.there, this.#placed?.here) ?? path;
  }

  add(path: string, found: Diagnosis, place: FindingPlace = {}): void {
    this.findings.push({ ...found, file: this.shown(path), ...place });
  }

  /** Forgets all other findings. */
  keep(isKept: (finding: CheckFinding) => boolean): void {
    this.findings = this.findings.filter(isKept);
  }

  /** Does something that runs before make this path, or the directory of it? */
  isPrepared(path: string, script: string): boolean {
    const slash = path.lastIndexOf("/");
    const wanted = slash > 1 ? [path, path.slice(0, slash)] : [path];
    return wanted.some((name) =>
      this.preparations.some((text) => text.includes(name)) ||
      script.split("\n").some((line) => line.includes(name) && MAKERS.test(line))
    );
  }

  /** The program of this name, as the image has it; undefined if there is none. */
  findProgram(name: string, directory: string): string | undefined {
    const places = name.startsWith("/")
      ? [name]
      : name.includes("/")
      ? [`${directory}/${name}`]
      : this.path.map((at) => `${at}/${name}`);
    return places.find((place) => {
      const found = this.view.resolve(place);
      return found.kind === "found" && found.record.type === "file";
    });
  }
}

function moved(path: string, from: string | undefined, to: string | undefined): string | undefined {
  if (from === undefined || to === undefined) return undefined;
  return path === from || path.startsWith(`${from}/`)
    ? `${to}${path.slice(from.length)}`
    : undefined;
}
