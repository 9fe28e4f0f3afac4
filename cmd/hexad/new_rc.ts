/** hexad new --rc: writes a definition for s6-rc into a source of definitions. */
import { EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import type { NamedOption } from "../../lib/core/cli/option_table.ts";
import { findingLine } from "../../lib/check/core/check_finding.ts";
import { checkOperand } from "../../lib/check/operand.ts";
import { rcService } from "../../lib/importer/core/rc_definition.ts";
import type { Language } from "../../lib/importer/core/language.ts";
import { serviceFilesOf } from "../../lib/importer/core/plan_files.ts";
import { nameFault, type ServicePlan } from "../../lib/importer/core/service_plan.ts";
import { absolutePath } from "../../lib/importer/source.ts";
import { tryLstat } from "../../lib/libc/stat.ts";
import { type BundlePlace, findBundle, joinBundle } from "../../lib/newservice/join_bundle.ts";
import { ExistsError, writeService } from "../../lib/newservice/write.ts";
import { type Context, Failure } from "../context.ts";
import type { Arguments } from "./arguments.ts";
import { checkOptions } from "./check_options.ts";

export const RC_OPTIONS = [
  {
    long: "rc",
    text: "write a definition for s6-rc; --dir is a source of definitions, such as s6-rc.d",
  },
  {
    long: "oneshot",
    text: "with --rc: it runs once, and is up when it has ended with 0; up names its script",
  },
  {
    long: "depends-on",
    arg: "NAME",
    kind: "text",
    repeatable: true,
    text: "with --rc: it starts when this service or bundle is up, and stops before it",
  },
  {
    long: "bundle",
    arg: "NAME",
    kind: "text",
    repeatable: true,
    text:
      "with --rc: a bundle that gets it as a member, made if need be; in an image of the overlay user is the default",
  },
] as const satisfies readonly NamedOption[];

const OVERLAY_SOURCE = /(?:^|\/)etc\/s6-overlay\/s6-rc\.d$/;
const OVERLAY_PLACE = "/etc/s6-overlay/s6-rc.d";
const RC_ALONE = ["oneshot", "depends-on", "bundle"] as const;

type Given = Arguments<typeof RC_OPTIONS[number]>;

/** @throws {UsageError} If an option is given that means something with --rc alone. */
export function refuseRcOptions({ flag, values }: Given): void {
  const found = RC_ALONE.find((name) => name === "oneshot" ? flag(name) : values(name).length > 0);
  if (found !== undefined) throw new UsageError(`--${found} needs --rc`);
}

export interface DefinitionRequest {
  readonly parent: string;
  readonly plan: ServicePlan;
  readonly language: Language;
  /** Somebody has chosen what stands behind #!. */
  readonly hasInterpreter: boolean;
}

export async function newDefinition(
  context: Context,
  { flag, values }: Given,
  { parent, plan, language, hasInterpreter }: DefinitionRequest,
): Promise<number> {
  const { name } = plan;
  const type = flag("oneshot") ? "oneshot" : "longrun";
  refuseParts(plan, type);
  const source = absolutePath(parent.replace(/(?<=.)\/+$/, ""));
  const isOverlays = OVERLAY_SOURCE.test(source);
  const asked = values("depends-on");
  for (const each of [...asked, ...values("bundle")]) {
    const fault = nameFault(each);
    if (fault !== undefined) throw new UsageError(`no name for a service: ${each} (${fault})`);
  }
  const { definitions, member } = rcService(serviceFilesOf(plan, language), {
    name,
    type,
    dependencies: [...new Set(isOverlays ? ["base", ...asked] : asked)],
    place: `${isOverlays ? OVERLAY_PLACE : source}/${name}`,
    withContenv: isOverlays && !hasInterpreter,
  });
  const named = values("bundle");
  const bundles = bundlesOf(
    parent,
    isOverlays && named.length === 0 ? ["user"] : named,
    isOverlays,
  );
  for (const each of definitions) {
    const path = `${parent}/${each.name}`;
    if (typeof tryLstat(path) !== "number") {
      throw new Failure(EXIT_USAGE, `${path} is there already; choose another name, or remove it`);
    }
  }
  for (const each of definitions) {
    try {
      writeService(parent, each.name, each.files);
    } catch (error) {
      if (error instanceof ExistsError) throw new Failure(EXIT_USAGE, error.message);
      throw error;
    }
    context.out(`${parent}/${each.name}\n`);
  }
  for (const bundle of bundles) {
    joinBundle(bundle, member);
    context.out(`${bundle.path}: ${member} is in it\n`);
  }
  await tellFaults(context, parent, definitions.map((each) => each.name));
  return 0;
}

/** What a definition has no place for. */
function refuseParts(plan: ServicePlan, type: "oneshot" | "longrun"): void {
  if (plan.files.down !== undefined) {
    throw new UsageError("--down is for scan directories: a definition starts by way of a bundle");
  }
  if (plan.log?.form === "logscript") {
    throw new UsageError("--log-form logscript is for service directories, not for --rc");
  }
  if (type === "longrun") return;
  const parts = {
    "--notify": plan.notificationFd !== undefined,
    "--check": plan.check !== undefined,
    "--log": plan.log !== undefined,
    "--health-...": plan.health !== undefined,
    "--env": plan.environment.length > 0,
  };
  const found = Object.entries(parts).find(([, given]) => given)?.[0];
  if (found !== undefined) {
    throw new UsageError(`${found} is for longruns: a oneshot has its script and nothing else`);
  }
}

function bundlesOf(
  parent: string,
  names: readonly string[],
  isOverlays: boolean,
): BundlePlace[] {
  return names.map((name) => {
    const bundle = findBundle(parent, name, isOverlays);
    if (bundle === undefined) {
      throw new UsageError(`${parent}/${name} is there, and is no bundle`);
    }
    return bundle;
  });
}

/** What `hexad check` finds about the new ones. */
async function tellFaults(
  context: Context,
  parent: string,
  names: readonly string[],
): Promise<void> {
  const { findings } = checkOperand(parent, await checkOptions(context, undefined));
  for (const finding of findings) {
    if (names.some((name) => finding.file.startsWith(`${parent}/${name}/`))) {
      context.warn(findingLine(finding));
    }
  }
}
