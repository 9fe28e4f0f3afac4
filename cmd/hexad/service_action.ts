/**
 * What `hexad start`, `stop`, `restart` and their like share: options, sending, waiting, and
 * telling how it went.
 */
import { SUPERVISE_DIRECTORY } from "../../lib/servicedir/core/supervise_files.ts";
import { EXIT_NOT_SUPERVISED, EXIT_SYSTEM, EXIT_TIMED_OUT } from "../../lib/core/cli/exit_codes.ts";
import { EACCES } from "../../lib/core/linux/errno.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import { humanTimeout, parseDuration } from "../../lib/core/time/human_units.ts";
import {
  type NamedOption,
  SCANDIR_OPTION,
  SCANDIR_VARIABLE,
} from "../../lib/core/cli/option_table.ts";
import { printable } from "../../lib/core/text/printable.ts";
import type { ServiceCommand } from "../../lib/servicedir/core/service_command.ts";
import {
  lastDeath,
  type ServiceFacts,
  serviceState,
  startFault,
} from "../../lib/status/core/service_state.ts";
import { deathWords } from "../../lib/status/core/death_words.ts";
import { stateWords } from "../../lib/status/core/status_table.ts";
import { compareTain, type Tain } from "../../lib/core/time/tain.ts";
import { isUp } from "../../lib/servicedir/core/svstat_line.ts";
import { wallclock } from "../../lib/libc/clock.ts";
import { SyscallError } from "../../lib/libc/bind.ts";
import { lastLines } from "../../lib/logdir/last_line.ts";
import { keptLastLines } from "../../lib/tree/kept_output.ts";
import { logdirsOfServices } from "../../lib/tree/overview.ts";
import { withLogger } from "../../lib/tree/services.ts";
import type { NamedService } from "../../lib/servicedir/named_service.ts";
import { bringAbout, type Outcome } from "../../lib/servicedir/bring_about.ts";
import { sendCommands } from "../../lib/servicedir/client.ts";
import { observeService, observeState } from "../../lib/servicedir/observe.ts";
import type { Context } from "../context.ts";
import type { Arguments } from "./arguments.ts";
import { chooseServices, type ChosenServices } from "./service_operands.ts";

const EXIT_FAILED = 1;
const DEFAULT_TIMEOUT_SECONDS = 30;
const MAX_TIMEOUT_MS = 2 ** 32 - 1;
const SHOWN_LINES = 5;

export const WAIT_OPTIONS = [
  { short: "w", long: "wait", text: "wait until it is done, and tell how it went" },
  {
    short: "t",
    long: "timeout",
    arg: "TIME",
    kind: "duration",
    text:
      `with --wait: give up after so long, e.g. 90s or 2m; default ${DEFAULT_TIMEOUT_SECONDS}s, 0: never`,
  },
] as const satisfies readonly NamedOption[];

const ALL_OPTION = {
  short: "a",
  long: "all",
  text: "all services, but not their loggers",
} as const satisfies NamedOption;

export const ACTION_OPTIONS = [ALL_OPTION, SCANDIR_OPTION, ...WAIT_OPTIONS] as const;

export const ACTION_EXITS = [
  ["0", "done; without --wait: told"],
  [
    "1",
    "a service does not run and would have to; with --wait: it failed for good, or lost its supervisor",
  ],
  ["99", "with --wait: the time was up"],
  ["100", "wrong usage, no such service, or no scan directory"],
  ["102", "a service is not supervised"],
  ["111", "system call failed"],
] as const;

/** One service, and the letters for its supervisor. */
export interface Order {
  readonly service: NamedService;
  readonly letters: string;
}

/**
 * The services that the operands name, or --all. @throws {UsageError} If there is neither, or both.
 */
export function namedServices(
  context: Context,
  { flag, operands, value }: Arguments<typeof ALL_OPTION | typeof SCANDIR_OPTION>,
): ChosenServices {
  const isAll = flag("all");
  if (isAll && operands.length > 0) throw new UsageError("--all, or names of services: not both");
  if (!isAll && operands.length === 0) {
    throw new UsageError("no service given; --all means all of them");
  }
  const chosen = chooseServices({
    operands,
    scandir: value("scandir"),
    variable: () => context.env.get(SCANDIR_VARIABLE),
  });
  if (!isAll) return chosen;
  const services = chosen.services.filter(({ isLogger }) => !isLogger);
  if (services.length === 0) context.warn(`no services in ${chosen.scandir}`);
  return { ...chosen, services };
}

/**
 * Tells each supervisor, and prints that on standard output. Returns the exit code of the last
 * failure, or 0.
 */
function sendToAll(
  context: Context,
  services: readonly NamedService[],
  { needsRun, told, lettersFor }: ServiceCommand & Pick<Awaitable, "lettersFor">,
): number {
  let code = 0;
  for (const service of services) {
    const failure = needsRun && isDown(service)
      ? tellIdle(context, service)
      : sendOrder(context, { service, letters: lettersFor(service) });
    if (failure === 0) context.out(`${printable(service.name)}: ${told}\n`);
    else code = failure;
  }
  return code;
}

/** Is it supervised and known not to run? */
function isDown(service: NamedService): boolean {
  const { supervised, status } = observeState(service);
  return supervised && status !== undefined && !isUp(status);
}

/** A signal would be lost on it. */
function tellIdle(context: Context, service: NamedService): number {
  const name = printable(service.name);
  const facts = observeService(service);
  if (!facts.supervised && facts.fault === undefined) return tellUnsupervised(context, name);
  context.warn(`${name} does not run, so nothing was sent: ${stateAndExit(facts)}`);
  return EXIT_FAILED;
}

function sendOrder(context: Context, order: Order): number {
  const failure = orderFailure(order);
  if (failure !== undefined) context.warn(failure.text);
  return failure?.code ?? 0;
}

/**
 * Tells one supervisor. Why that could not be done, with its cure, and the exit code for it; or
 * undefined.
 */
export function orderFailure(
  { service, letters }: Order,
): { readonly text: string; readonly code: number } | undefined {
  const name = printable(service.name);
  try {
    const answer = sendCommands(service.directory, SUPERVISE_DIRECTORY, letters);
    if (answer.kind === "ok") return undefined;
    if (answer.kind === "broken") {
      return {
        text: `${name}: ${service.directory}/${SUPERVISE_DIRECTORY} is broken: ${answer.reason}`,
        code: EXIT_FAILED,
      };
    }
    return { text: unsupervisedText(name), code: EXIT_NOT_SUPERVISED };
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    const cure = error.errno === EACCES
      ? `; be root, or have root allow it: s6-svperms -G GROUP ${service.directory}`
      : "";
    return { text: `${name}: ${error.message}${cure}`, code: EXIT_SYSTEM };
  }
}

function unsupervisedText(name: string): string {
  return `${name} is not supervised; s6-svscanctl -a SCANDIR makes an s6-svscan look for new services`;
}

function tellUnsupervised(context: Context, name: string): number {
  context.warn(unsupervisedText(name));
  return EXIT_NOT_SUPERVISED;
}

/**
 * Does for each service what the command says.
 *
 * @param lettersFor if they differ from service to service
 */
export async function actOnServices(
  context: Context,
  given: Arguments<typeof ACTION_OPTIONS[number]>,
  command: ServiceCommand,
  lettersFor: (service: NamedService) => string = () => command.letters,
): Promise<number> {
  const timeoutMs = timeoutOf(given);
  const named = namedServices(context, given);
  const chosen = given.flag("all") && command.sparesStopped === true
    ? { ...named, services: named.services.filter((service) => !isStopped(service)) }
    : named;
  if (command.goal === undefined || timeoutMs === undefined) {
    return sendToAll(context, chosen.services, { ...command, lettersFor });
  }
  return await waitForAll(
    context,
    chosen,
    { ...command, goal: command.goal, lettersFor },
    timeoutMs,
  );
}

/** It is down because somebody wants it down, and not because it has failed. */
function isStopped(service: NamedService): boolean {
  return serviceState(observeState(service)) === "down";
}

/** Undefined if it is not to be waited. */
export function timeoutOf(
  { flag, value }: Arguments<typeof WAIT_OPTIONS[number]>,
): number | undefined {
  const text = value("timeout");
  if (!flag("wait") && text === undefined) return undefined;
  return timeoutMsOf(text ?? `${DEFAULT_TIMEOUT_SECONDS}s`);
}

/** @throws {UsageError} If it is no duration. */
export function timeoutMsOf(text: string): number {
  const seconds = parseDuration(text);
  if (seconds === undefined) throw new UsageError(`no duration: ${text} (e.g. 90s, 2m, 1h30m)`);
  return Math.min(Math.ceil(seconds * 1000), MAX_TIMEOUT_MS);
}

type Awaitable = ServiceCommand & {
  readonly goal: NonNullable<ServiceCommand["goal"]>;
  lettersFor(service: NamedService): string;
};

/** Goals on whose way a death is what is asked for. */
const DEADLY: readonly Awaitable["goal"][] = ["down", "restarted", "ended"];

const NOT_REACHED: Readonly<Record<Awaitable["goal"], string>> = {
  up: "did not come up",
  restarted: "did not come up",
  down: "did not go down",
  ended: "has not died of it",
  paused: "was not paused",
  continued: "does not go on",
};

async function waitForAll(
  context: Context,
  { services, all }: ChosenServices,
  command: Awaitable,
  timeoutMs: number,
): Promise<number> {
  let code = 0;
  const send = (service: NamedService): boolean => {
    const failure = sendOrder(context, { service, letters: command.lettersFor(service) });
    if (failure !== 0) code = failure;
    return failure === 0;
  };
  const errands = services.map((service) => {
    let expected = DEADLY.includes(command.goal) ? 1 : 0;
    let isFaultTold = false;
    return {
      service,
      goal: command.goal,
      once: command.once === true,
      needsRun: command.needsRun === true,
      settles: command.settles === true,
      send: () => send(service),
      onDeath: (): void => {
        if (expected-- <= 0) tellDeath(context, service);
      },
      onFault: (fault: string): void => {
        context.out(`${printable(service.name)}: ${printable(fault)}\n`);
        isFaultTold = true;
      },
      onOutcome: (outcome: Outcome, since: Tain): void => {
        if (outcome === "reached") return tellSuccess(context, { service, since }, command);
        if (outcome === "not running") {
          code = tellIdle(context, service);
          return;
        }
        tellFailure(
          context,
          service,
          command,
          {
            when: outcome === "failed" ? "" : ` within ${humanTimeout(timeoutMs)}`,
            isFaultTold,
          },
        );
        if (command.goal === "up" || command.goal === "restarted") {
          showLastLines(context, service, all);
        }
        code = outcome === "failed" ? EXIT_FAILED : EXIT_TIMED_OUT;
      },
      onTrouble: (error: Error): void => {
        code = tellTrouble(context, service, error);
      },
    };
  });
  await bringAbout(errands, timeoutMs);
  return code;
}

/** It can't be waited for. */
function tellTrouble(context: Context, service: NamedService, error: Error): number {
  const name = printable(service.name);
  const { supervised, fault } = observeService(service);
  if (!supervised && fault === undefined) return tellUnsupervised(context, name);
  const denied = error instanceof SyscallError && error.errno === EACCES;
  const cure = denied
    ? `; be root, or have root allow it: s6-svperms -o -e ${service.directory}; or leave out --wait`
    : "";
  context.warn(`${name}: ${error.message}${cure}`);
  return EXIT_SYSTEM;
}

function tellDeath(context: Context, service: NamedService): void {
  const facts = observeService(service);
  const death = lastDeath(facts);
  if (death !== undefined) {
    context.out(`${printable(service.name)}: died: ${deathWords(death, facts.reasons)}\n`);
  }
}

function tellSuccess(
  context: Context,
  { service, since }: { readonly service: NamedService; readonly since: Tain },
  { goal }: Awaitable,
): void {
  const facts = observeService(service);
  const name = printable(service.name);
  if (goal !== "down" && goal !== "ended") {
    return context.out(
      `${name}: ${stateWords(facts, wallclock())}, pid ${(facts.status?.pid ?? 0) >>> 0}\n`,
    );
  }
  const death = lastDeath(facts);
  // one that is older is not what has been brought about
  const isNew = death !== undefined && (goal === "down" || compareTain(death.stamp, since) >= 0);
  const words = isNew ? deathWords(death, facts.reasons) : undefined;
  if (goal === "ended") {
    context.out(`${name}: ${words === undefined ? "died" : `died: ${words}`}\n`);
  } else context.out(`${name}: down${words === undefined ? "" : `, ${words}`}\n`);
}

function tellFailure(
  context: Context,
  service: NamedService,
  { goal }: Awaitable,
  { when, isFaultTold }: { readonly when: string; readonly isFaultTold: boolean },
): void {
  const facts = observeService(service);
  const fault = isFaultTold ? undefined : startFault(facts);
  context.warn(
    `${printable(service.name)} ${NOT_REACHED[goal]}${when}: ${stateAndExit(facts)}${
      fault === undefined ? "" : `; ${printable(fault)}`
    }`,
  );
}

/** `backing off; last exit: exit 1`. */
function stateAndExit(facts: ServiceFacts): string {
  const death = lastDeath(facts);
  const last = death === undefined ? "" : `; last exit: ${deathWords(death, facts.reasons)}`;
  return `${stateWords(facts, wallclock())}${last}`;
}

function showLastLines(
  context: Context,
  service: NamedService,
  all: readonly NamedService[],
): void {
  const [logdir] =
    logdirsOfServices([service], [...all, ...withLogger(service)]).get(service.directory) ?? [];
  const lines = logdir === undefined
    ? keptLastLines(service, SHOWN_LINES)
    : lastLines(logdir, SHOWN_LINES);
  const place = logdir === undefined ? `of ${printable(service.name)}` : `in ${printable(logdir)}`;
  if (lines.length > 0) context.info(`the last lines ${place}:`);
  for (const { text } of lines) context.info(`  ${text}`);
}
