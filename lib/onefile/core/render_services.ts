/**
 * Turns the services of a file into definitions for s6-rc, or into service directories. The same
 * file gives the same bytes. Pure.
 */
import { execlineRun } from "../../importer/core/execline_run.ts";
import type { Language } from "../../importer/core/language.ts";
import { serviceFilesOf } from "../../importer/core/plan_files.ts";
import { type RcDefinition, type RcService, rcService } from "../../importer/core/rc_definition.ts";
import {
  nameFault,
  type PlannedCommand,
  type PlannedFile,
  type ServicePlan,
} from "../../importer/core/service_plan.ts";
import { SERVE_SERVICE, servedWords, servePlan } from "../../importer/core/serve_plan.ts";
import { awaitedToEnd, dependencyFiles, findCircle, type Others } from "./dependency_files.ts";
import type { FileFindings } from "./file_findings.ts";
import { finishFilesOf } from "./finish_files.ts";
import { healthFilesOf, isChecked } from "./health_files_of.ts";
import { refuseForDirectory, refuseForOneshot } from "./refused_keys.ts";
import { pipeFiles } from "./pipe_files.ts";
import { planOf, type PlanOptions, type ServiceCopy } from "./service_plan_of.ts";
import { isOneshot, type ServiceEntry, type ServicesDocument } from "./service_keys.ts";

/** The bundle of everything that is started. */
export const BUNDLE = "services.yaml";
/** A hidden directory by which a rendering is known; `names` in it lists what was rendered. */
export const MARK = ".services.yaml";
export const MARK_NAMES = "names";

/** Definitions for s6-rc, or service directories for s6-svscan. */
export const RENDER_FORMS = ["definitions", "directories"] as const;
export type RenderForm = (typeof RENDER_FORMS)[number];

export interface RenderOptions extends PlanOptions {
  readonly form: RenderForm;
  readonly language: Language;
  /** Profiles that are asked for; `*` is all. */
  readonly profiles: readonly string[];
  /** Scripts start in the container's environment. */
  readonly withContenv: boolean;
  /** What every service depends on, such as `base` in an image. */
  readonly dependencies: readonly string[];
  /** More names that services can't have; absent: none. */
  readonly reserved?: readonly string[];
}

/** All that is written for a set of services; a bundle names those that start. */
export function renderServices(
  document: ServicesDocument,
  options: RenderOptions,
  findings: FileFindings,
): RcDefinition[] {
  const entries = document.services?.value ?? [];
  const others = othersOf(entries, options.profiles);
  const awaited = awaitedToEnd(entries);
  findCircle(entries, findings);
  const rendered: RcDefinition[] = [];
  const members: string[] = [];
  for (const entry of entries) {
    const fault = nameFault(entry.name) ?? reservedFault(entry.name, options.reserved);
    if (fault !== undefined) {
      findings.error(entry.place, `no name for a service: ${entry.name} (${fault})`);
      continue;
    }
    const isActive = others.isActive(entry.name);
    const links = {
      ...dependencyFiles(entry, others, findings),
      ...pipeFiles(entry, entries, findings),
    };
    const copies = copiesOf(entry, awaited.has(entry.name), findings);
    const made = copies.flatMap((copy) => {
      const plan = planOf(copy, options, findings);
      if (plan === undefined) return [];
      const planned = { plan, values: copy.entry.value, entry };
      return options.form === "definitions"
        ? [renderDefinition(planned, links, options, findings)]
        : [renderDirectory(planned, isActive, options, findings)];
    });
    rendered.push(...made.flatMap(({ definitions }) => definitions));
    if (options.form === "directories") continue;
    const names = made.map(({ member }) => member);
    const isScaled = copies[0]?.index !== undefined || copies.length === 0;
    if (isScaled) rendered.push(bundle(entry.name, names));
    if (isActive) members.push(...(isScaled ? [entry.name] : names));
  }
  const serve = document["x-hexad"]?.value.serve;
  if (serve !== undefined) {
    rendered.push(serveDefinition(serve.value, options));
    members.push(SERVE_SERVICE);
  }
  if (options.form === "definitions") rendered.push(bundle(BUNDLE, members));
  reportTwins(rendered, entries, findings);
  const names = rendered.map(({ name }) => name).join("\n");
  return [...rendered, { name: MARK, files: [small(MARK_NAMES, names)] }];
}

function othersOf(entries: readonly ServiceEntry[], profiles: readonly string[]): Others {
  const byName = new Map(entries.map((entry) => [entry.name, entry.value]));
  const unsound = new Set(entries.filter(({ isSound }) => !isSound).map(({ name }) => name));
  return {
    names: [...byName.keys()],
    restartOf: (name) => byName.get(name)?.restart?.value,
    isOneshot: (name) => byName.has(name) && isOneshot(byName.get(name)!),
    isChecked: (name) => unsound.has(name) || byName.has(name) && isChecked(byName.get(name)!),
    isActive: (name) => {
      const own = byName.get(name)?.profiles?.value ?? [];
      return own.length === 0 ||
        own.some(({ value }) => profiles.includes("*") || profiles.includes(value));
    },
  };
}

function reservedFault(name: string, reserved: readonly string[] = []): string | undefined {
  return /^s6-?rc-/.test(name) || name === BUNDLE || reserved.includes(name)
    ? "this name is reserved"
    : undefined;
}

function copiesOf(
  entry: ServiceEntry,
  isAwaitedToEnd: boolean,
  findings: FileFindings,
): ServiceCopy[] {
  const { scale, deploy } = entry.value;
  const replicas = deploy?.value.replicas;
  if (scale !== undefined && replicas !== undefined && scale.value !== replicas.value) {
    findings.error(scale.place, "scale and deploy.replicas differ");
  }
  const count = scale?.value ?? replicas?.value;
  if (count === undefined) return [{ entry, name: entry.name, index: undefined, isAwaitedToEnd }];
  return Array.from({ length: count }, (_, at) => ({
    entry,
    name: `${entry.name}-${at + 1}`,
    index: at + 1,
    isAwaitedToEnd,
  }));
}

function small(path: string, text: string): PlannedFile {
  return { path, text: text === "" ? "" : `${text}\n`, executable: false };
}

function bundle(name: string, members: readonly string[]): RcDefinition {
  // a directory that is empty would not be written
  const contents = members.length === 0 ? [small("contents", "")] : [];
  return {
    name,
    files: [
      small("type", "bundle"),
      ...contents,
      ...members.map((member) => small(`contents.d/${member}`, "")),
    ],
  };
}

function serveDefinition(words: readonly string[], options: RenderOptions): RcDefinition {
  const plan = servePlan(SERVE_SERVICE, servedWords(words));
  const files = serviceFilesOf(plan, options.language).map((file) =>
    file.path === "run" ? { ...file, text: scriptOf(plan, options) } : file
  );
  if (options.form === "directories") return { name: SERVE_SERVICE, files };
  const { definitions: [definition] } = rcService(files, {
    name: SERVE_SERVICE,
    type: "longrun",
    dependencies: options.dependencies,
    place: "",
    withContenv: false,
  });
  return definition!;
}

/** What a script begins with to be in the container's environment. */
const ENTRANCE = "with-contenv";

/** The script that a chain of execline is, in the container's environment if that is wanted. */
function scriptOf(plan: ServicePlan, { language, withContenv }: RenderOptions): string {
  const text = execlineRun(plan, language.interpreter);
  return withContenv ? text.replace(/^(#!.*\n)/, `$1${ENTRANCE}\n`) : text;
}

/** A copy of a service, with the plan that was made of it. */
interface PlannedCopy {
  readonly plan: ServicePlan;
  readonly values: ServiceEntry["value"];
  readonly entry: ServiceEntry;
}

function smallOnes(files: Readonly<Record<string, string | undefined>>): PlannedFile[] {
  return Object.entries(files).flatMap(([path, text]) =>
    text === undefined ? [] : [small(path, text)]
  );
}

function renderDefinition(
  planned: PlannedCopy,
  links: Readonly<Record<string, string>>,
  options: RenderOptions,
  findings: FileFindings,
): RcService {
  const { plan, values, entry } = planned;
  const hexad = values["x-hexad"]?.value ?? {};
  const common = [
    ...smallOnes(links),
    ...smallOnes({
      condition: hexad.condition?.value.map(({ value }) => value).join("\n"),
      "timeout-up": hexad.timeout_up?.value.toString(),
      "timeout-down": hexad.timeout_down?.value.toString(),
    }),
  ];
  if (isOneshot(values)) {
    refuseForOneshot(entry, findings);
    const files = [...oneshotFiles(plan, values, options), ...common];
    return { member: plan.name, definitions: [{ name: plan.name, files }] };
  }
  const own = smallOnes({
    "flag-end-all": hexad.essential?.value === true ? "" : undefined,
    "ready-tcp": hexad.ready_tcp?.value,
    "ready-http": hexad.ready_http?.value,
    "ready-log": hexad.ready_log?.value,
    "max-start-failures": hexad.max_start_failures?.value.toString(),
  });
  return rcService([...longrunFiles(planned, options, findings), ...own, ...common], {
    name: plan.name,
    type: "longrun",
    dependencies: options.dependencies,
    place: "",
    withContenv: false,
  });
}

/** A service directory; one that is not to start has `down`. */
function renderDirectory(
  planned: PlannedCopy,
  isActive: boolean,
  options: RenderOptions,
  findings: FileFindings,
): RcService {
  const { plan: { name }, values, entry } = planned;
  refuseForDirectory(entry, findings);
  const files = [
    ...longrunFiles(planned, options, findings),
    ...smallOnes({
      "flag-essential": values["x-hexad"]?.value.essential?.value === true ? "" : undefined,
      down: isActive ? undefined : "",
    }),
  ];
  return { member: name, definitions: [{ name, files }] };
}

/** What a longrun and a service directory have in common. */
function longrunFiles(
  { plan, values, entry }: PlannedCopy,
  options: RenderOptions,
  findings: FileFindings,
): PlannedFile[] {
  const down = values["x-hexad"]?.value.down;
  if (down !== undefined) findings.error(down.place, "down is for oneshots");
  const checkScript = (words: readonly string[]): string =>
    scriptOf({ ...plan, command: { kind: "words", words }, redirections: [] }, options);
  return [
    ...serviceFilesOf(plan, options.language).map((file) =>
      file.path === "run" ? { ...file, text: scriptOf(plan, options) } : file
    ),
    ...healthFilesOf(entry, checkScript, findings),
    ...finishFiles(plan, values, options),
  ];
}

function finishFiles(
  plan: ServicePlan,
  values: ServiceEntry["value"],
  options: RenderOptions,
): PlannedFile[] {
  const words = values["x-hexad"]?.value.finish?.value ?? [];
  if (words.length === 0) return [];
  // with -P, execlineb would not keep the words that it gets
  const script = (all: readonly string[]): string =>
    scriptOf({ ...plan, command: { kind: "words", words: all } }, {
      ...options,
      withContenv: false,
    })
      .replace(/^(#!.*) -P\n/, "$1\n");
  return finishFilesOf(words, script, options.withContenv ? ENTRANCE : "");
}

/** A oneshot is its scripts: `up` and `down` hold them whole. */
function oneshotFiles(
  plan: ServicePlan,
  values: ServiceEntry["value"],
  options: RenderOptions,
): PlannedFile[] {
  const down = values["x-hexad"]?.value.down?.value;
  // the language is known there
  const line = (command: PlannedCommand): string =>
    scriptOf({ ...plan, command }, options).replace(/^#!.*\n/, "");
  return [
    small("type", "oneshot"),
    { path: "up", text: line(plan.command), executable: false },
    ...(down === undefined
      ? []
      : [{ path: "down", text: line({ kind: "words", words: down }), executable: false }]),
    small("timeout-kill", plan.files["timeout-kill"] ?? ""),
    ...options.dependencies.map((name) => small(`dependencies.d/${name}`, "")),
  ];
}

/** Names that are made out of others, such as `web-1` and `web-log`, may be there already. */
function reportTwins(
  definitions: readonly RcDefinition[],
  entries: readonly ServiceEntry[],
  findings: FileFindings,
): void {
  const seen = new Set<string>();
  for (const { name } of definitions) {
    const place = entries.find((entry) => entry.name === name)?.place ?? entries[0]?.place;
    if (seen.has(name) && place !== undefined) {
      findings.error(place, `the name ${name} is that of a copy or a logger of another service`);
    }
    seen.add(name);
  }
}
