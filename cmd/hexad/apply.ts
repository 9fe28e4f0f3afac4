/** hexad apply: the sources of running services of s6-rc are read again, and take effect. */
import { EXIT_SYSTEM, EXIT_TIMED_OUT } from "../../lib/core/cli/exit_codes.ts";
import type { NamedTable } from "../../lib/core/cli/option_table.ts";
import { schemaPath } from "../../lib/core/cli/schema_path.ts";
import { ENOENT } from "../../lib/core/linux/errno.ts";
import { printable } from "../../lib/core/text/printable.ts";
import {
  type AppliedBundle,
  type AppliedService,
  applyLines,
} from "../../lib/rc/core/apply_report.ts";
import { access, F_OK } from "../../lib/libc/file.ts";
import { placeOf, type RcFinding } from "../../lib/rc/core/source/finding.ts";
import { type Context, Failure } from "../context.ts";
import { ask, connectToLive } from "../rc/request.ts";
import { parseArguments } from "./arguments.ts";
import { timeoutMsOf } from "./service_action.ts";

const DEFAULT_LIVE = "/run/s6-rc";
/** What s6-rc exits with when its time is up. */
const RC_TIMED_OUT = 2;
const WARNINGS = 1;

export const table = {
  summary:
    "Reads the definitions of running services again and makes the services what they say: restarts what has changed with what needs it, starts what is new, stops what is gone. A mistake in any of them, and nothing happens.",
  usage: "[-nj] [-t TIME] [-l DIR]",
  operands: "none",
  options: [
    { short: "n", long: "dry-run", text: "only show what would be done" },
    { short: "j", long: "json", text: `one JSON document; ${schemaPath("apply")} describes it` },
    {
      short: "t",
      long: "timeout",
      arg: "TIME",
      kind: "duration",
      text: "give up after so long, e.g. 90s or 2m; default 0: never",
    },
    {
      short: "l",
      long: "livedir",
      arg: "DIR",
      kind: "directory",
      text: `the live directory of the services; default: ${DEFAULT_LIVE}`,
    },
  ],
  exits: [
    ["0", "done, or nothing was to be done; with -n: shown"],
    [
      "1",
      "a definition has a mistake: nothing is done. Or a service could not be stopped or started",
    ],
    ["99", "the time was up"],
    ["100", "wrong usage, or the services come from a compiled database"],
    ["111", "system call failed, or there are no services of s6-rc"],
  ],
  example: "hexad apply -n && hexad apply",
} as const satisfies NamedTable;

/** What the other side has shown. */
class Shown {
  readonly findings: RcFinding[] = [];
  readonly services: AppliedService[] = [];
  readonly bundles: AppliedBundle[] = [];

  take(document: unknown): void {
    const { kind, items } = document as { readonly kind: string; readonly items: never[] };
    if (kind === "findings") this.findings.push(...items);
    else if (kind === "services") this.services.push(...items);
    else if (kind === "bundles") this.bundles.push(...items);
  }

  get errors(): number {
    return this.findings.filter(({ severity }) => severity === "error").length;
  }
}

export async function main(context: Context): Promise<number> {
  const { flag, value } = parseArguments(context.argv, table);
  const live = value("livedir") ?? DEFAULT_LIVE;
  const dryRun = flag("dry-run");
  const timeoutMs = timeoutMsOf(value("timeout") ?? "0");
  refuseIfAbsent(live);
  const shown = new Shown();
  const result = await ask(
    context,
    connectToLive(live),
    { command: "apply", live, dryRun, timeoutMs, verbosity: WARNINGS },
    (document) => {
      shown.take(document);
      if (!flag("json")) tell(context, document);
      return false;
    },
  );
  const code = result === RC_TIMED_OUT ? EXIT_TIMED_OUT : result;
  if (flag("json")) context.out(`${JSON.stringify(documentOf(shown, { dryRun, code }))}\n`);
  else if (shown.errors > 0) {
    context.warn(
      `nothing is done: ${shown.errors} mistake${shown.errors === 1 ? "" : "s"} in the definitions`,
    );
  } else if (code === 0 && shown.services.length + shown.bundles.length === 0) {
    context.out("nothing has changed\n");
  }
  return code;
}

/** @throws {Failure} If s6-rc manages nothing there. */
function refuseIfAbsent(live: string): void {
  if (access(live, F_OK) !== -ENOENT) return;
  throw new Failure(
    EXIT_SYSTEM,
    `there are no services of s6-rc in ${live}: a container that has booted without definitions takes them when it is started again; elsewhere, s6-rc-init makes that directory`,
  );
}

/** Each part as it comes: what is going to be done stands there before it is done. */
function tell(context: Context, document: unknown): void {
  const part = new Shown();
  part.take(document);
  for (const finding of part.findings) {
    const { cause, cure } = finding;
    context.warn(`${placeOf(finding)}: ${cause}${cure === "" ? "" : `; ${cure}`}`);
  }
  for (const line of applyLines(part.services, part.bundles)) context.out(`${line}\n`);
}

function documentOf(
  shown: Shown,
  { dryRun, code }: { readonly dryRun: boolean; readonly code: number },
): unknown {
  const outcome = shown.errors > 0
    ? "refused"
    : code !== 0
    ? "failed"
    : dryRun
    ? "shown"
    : "applied";
  return {
    format: 1,
    outcome,
    findings: shown.findings.map(({ severity, file, line, cause, cure }) => ({
      severity,
      file: printable(file),
      line: line ?? null,
      cause: printable(cause),
      cure: printable(cure),
    })),
    services: shown.services,
    bundles: shown.bundles,
  };
}
