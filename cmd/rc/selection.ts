/**
 * s6-rc list, listall, diff: these read the files of a live directory and need no supervising
 * process.
 */
import { EXIT_SYSTEM } from "../../lib/core/cli/exit_codes.ts";
import { EXIT_UNKNOWN } from "../../lib/rc/core/exit_codes.ts";
import { SyscallError } from "../../lib/libc/bind.ts";
import { readStatus } from "../../lib/servicedir/client.ts";
import type { RcDatabase, ServiceNumber } from "../../lib/rc/core/database.ts";
import { FD_HOLDER_NUMBER, resolveName } from "../../lib/rc/core/database.ts";
import { closure, complement } from "../../lib/rc/core/graph.ts";
import { type Context, Failure } from "../context.ts";
import { type LiveDatabase, readLive, takeSharedLock } from "./live_database.ts";
import type { RcOptions } from "./rc_options.ts";

/** The services that the names stand for. @throws {Failure} If one is unknown. */
export function selected(
  { database, states }: LiveDatabase,
  { names, all, live }: Pick<RcOptions, "names" | "all" | "live">,
): ServiceNumber[] {
  const numbers = names.flatMap((name) => {
    const meant = resolveName(database, name);
    if (meant === undefined) {
      throw new Failure(
        EXIT_UNKNOWN,
        `${name} is not a recognized identifier in ${live}/resolve.cdb`,
      );
    }
    return meant;
  });
  const up = all
    ? database.services.map(({ number }) => number).filter((number) => states[number]!.up)
    : [];
  return [...new Set([...numbers, ...up])];
}

export function show(
  context: Context,
  command: "list" | "listall" | "diff",
  options: RcOptions,
): number {
  if (!options.noLock) takeSharedLock(options.live, options.block);
  const data = readLive(options.live, options.block);
  if (command === "diff") return showDifference(context, data, options.live);
  const { database } = data;
  const chosen = selected(data, options);
  const shown = command === "listall"
    ? closure(database, chosen, options.down ? "down" : "up")
    : options.down
    ? complement(database, chosen)
    : chosen;
  context.out(namesIn(database, new Set(shown), options.hideEssentials));
  return 0;
}

function namesIn(
  { services }: RcDatabase,
  numbers: ReadonlySet<ServiceNumber>,
  hideEssentials: boolean,
): string {
  return services.filter(({ number, essential }) =>
    numbers.has(number) && !(hideEssentials && essential)
  ).map(({ name }) => `${name}\n`)
    .join("");
}

/**
 * Returns 1 if, for any longrun, the state that s6 wants differs from the one that s6-rc has set.
 */
function showDifference(
  context: Context,
  { database, states }: LiveDatabase,
  live: string,
): number {
  const lines: string[] = [];
  for (const { number, name, type } of database.services) {
    if (type !== "longrun" || number <= FD_HOLDER_NUMBER) continue;
    const { flagwantup } = statusOf(`${live}/servicedirs/${name}`);
    if (flagwantup !== states[number]!.up) lines.push(`${flagwantup ? "+" : "-"}${name}\n`);
  }
  context.out(lines.join(""));
  return lines.length > 0 ? 1 : 0;
}

function statusOf(servicedir: string): { readonly flagwantup: boolean } {
  try {
    return readStatus(servicedir);
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    throw new Failure(
      EXIT_SYSTEM,
      `unable to read longrun status for ${servicedir}: ${error.reason}`,
    );
  }
}
