/** What `hexad images` was asked to do. */
import { UsageError } from "../../../lib/core/cli/getopt.ts";
import { parseUint } from "../../../lib/core/linux/config_file.ts";
import { suggestion } from "../../../lib/core/text/edit_distance.ts";
import {
  type Engine,
  ENGINE_ACTIONS,
  type EngineAction,
  ENGINES,
} from "../../../lib/images/core/engine_commands.ts";
import {
  canonicalRegistry,
  isName,
  isRegistry,
  type Namespace,
} from "../../../lib/images/core/image_reference.ts";
import type { Given } from "../../../lib/core/cli/given.ts";
import type { table } from "./table.ts";

export const ACTIONS = ["list", "graph", ...ENGINE_ACTIONS] as const;
export type Action = typeof ACTIONS[number];

export type ImagesArguments = Given<typeof table.options[number]>;

export interface ImagesRequest {
  readonly action: Action;
  /** `A/B`; none for what has changed. */
  readonly contexts: readonly string[];
  readonly jobs: number;
  readonly engine: Engine | undefined;
  readonly registry: string | undefined;
  readonly organization: string | undefined;
  /** Of retag; a part that is undefined stays as it is. */
  readonly newName: Partial<Namespace>;
  readonly buildArgs: ReadonlyMap<string, string>;
}

const MOST_JOBS = 64;
/** Engines do several things at once by themselves. */
const USUAL_MOST_JOBS = 4;

/** The options that only some actions have. */
const ONLY_FOR: readonly (readonly [option: OptionName, actions: readonly Action[]])[] = [
  ["dry-run", ENGINE_ACTIONS],
  ["jobs", ENGINE_ACTIONS],
  ["keep-going", ENGINE_ACTIONS],
  ["engine", ENGINE_ACTIONS],
  ["platform", ["list", "graph", "build", "pull"]],
  ["resume", ["build"]],
  ["new-registry", ["retag"]],
  ["new-organization", ["retag"]],
];
type OptionName = typeof table.options[number]["long"];

/** @throws {UsageError} If something of it does not fit together. */
export function imagesRequest(given: ImagesArguments): ImagesRequest {
  const { flag, value, values, operands: [word, ...contexts] } = given;
  const action = actionOf(word);
  for (const [option, actions] of ONLY_FOR) {
    const isGiven = given.rows().some(({ row }) => row.long === option);
    if (isGiven && !actions.includes(action)) {
      throw new UsageError(`--${option} means nothing to ${action}`);
    }
  }
  const isCompared = flag("worktree") || value("from") !== undefined || value("to") !== undefined;
  if ((flag("all") || contexts.length > 0) && isCompared) {
    throw new UsageError("--from, --to and --worktree look for what has changed: leave them out");
  }
  if (flag("all") && contexts.length > 0) throw new UsageError("either --all or names of contexts");
  if (flag("worktree") && value("to") !== undefined) {
    throw new UsageError("either --worktree or --to");
  }
  const newName = {
    ...registryOf("new-registry", value("new-registry")),
    ...organizationOf("new-organization", value("new-organization")),
  };
  if (action === "retag" && Object.keys(newName).length === 0) {
    throw new UsageError("retag needs --new-registry or --new-organization");
  }
  const { registry } = registryOf("registry", value("registry"));
  const { organization } = organizationOf("organization", value("organization"));
  return {
    action,
    contexts: contexts.map((context) => context.replace(/\/+$/, "")),
    jobs: jobsOf(value("jobs")),
    engine: engineOf(value("engine")),
    registry,
    // what Docker Hub calls images without one
    organization: organization === "library" && !registry ? "" : organization,
    newName,
    buildArgs: new Map(values("build-arg").map(buildArgOf)),
  };
}

export function isEngineAction(action: Action): action is EngineAction {
  return action !== "list" && action !== "graph";
}

function actionOf(word: string | undefined): Action {
  const action = ACTIONS.find((known) => known === word);
  if (action !== undefined) return action;
  const known = ACTIONS.join(", ");
  throw new UsageError(
    word === undefined
      ? `say what to do: ${known}`
      : `no such action: ${word} (there are ${known})${suggestion(word, ACTIONS)}`,
  );
}

function engineOf(word: string | undefined): Engine | undefined {
  if (word === undefined) return undefined;
  const engine = ENGINES.find((known) => known === word);
  if (engine !== undefined) return engine;
  throw new UsageError(`no such engine: ${word} (there are ${ENGINES.join(", ")})`);
}

function jobsOf(text: string | undefined): number {
  if (text === undefined) return Math.min(navigator.hardwareConcurrency, USUAL_MOST_JOBS);
  const jobs = parseUint(text);
  if (jobs !== undefined && jobs >= 1 && jobs <= MOST_JOBS) return jobs;
  throw new UsageError(`jobs is a number from 1 to ${MOST_JOBS}, not ${text}`);
}

function registryOf(option: string, text: string | undefined): { registry?: string } {
  if (text === undefined) return {};
  if (!isRegistry(text)) {
    throw new UsageError(`${option} is HOST or HOST:PORT, not ${text}`);
  }
  return { registry: canonicalRegistry(text) };
}

function organizationOf(option: string, text: string | undefined): { organization?: string } {
  if (text === undefined) return {};
  if (!text.split("/").every(isName)) {
    throw new UsageError(`${option} has only small letters, digits and .-_/, not ${text}`);
  }
  return { organization: text };
}

function buildArgOf(text: string): [string, string] {
  const [, name, value] = /^([^=]+)=([^]*)$/.exec(text) ?? [];
  if (name === undefined) throw new UsageError(`build-arg is NAME=VALUE, not ${text}`);
  return [name, value!];
}
