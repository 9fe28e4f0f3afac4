/** `hexad logs --url`: logs of a tree that another hexad serves. */
import { EXIT_USAGE } from "../../../lib/core/cli/exit_codes.ts";
import { tainFromUnixMs } from "../../../lib/core/time/tain.ts";
import { isoTime } from "../../../lib/core/time/utc_time.ts";
import type { LineFilter } from "../../../lib/logreader/line_filter.ts";
import type { LineWriter } from "../../../lib/logreader/line_writer.ts";
import { type RemoteLine, RemoteLogs } from "../../../lib/remote/remote_logs.ts";
import type { RemoteTree } from "../../../lib/remote/served_tree.ts";
import { type Context, Failure } from "../../context.ts";
import { asking } from "./remote_tree.ts";
import { servedOverview } from "./served_overview.ts";

export interface ServedLogs {
  readonly tree: RemoteTree;
  readonly operands: readonly string[];
  readonly filter: LineFilter;
  /** The server can't do this part of the selection: it has to send all lines. */
  readonly selectsHere: boolean;
  /** How many lines; Infinity for all. */
  readonly wanted: number;
  readonly following: boolean;
  /** @param named With the names of services */
  write(named: boolean): LineWriter;
}

/** @throws {Failure} If the tree can't be asked, or there is no such service or no log. */
export async function showServedLogs(context: Context, options: ServedLogs): Promise<number> {
  const { tree, operands, filter, wanted, following } = options;
  const { now, reports, oneshots } = await servedOverview(tree, operands);
  const everything = operands.length === 0;
  const services = everything
    ? reports.map(({ facts }) => facts).filter(({ isLogger }) => !isLogger).map(({ name }) => name)
    : [...reports.map(({ facts }) => facts.name), ...oneshots.map(({ service }) => service.name)];
  const logs = new RemoteLogs({ tree, services, filter, everything, onTrouble: context.warn });
  const { since, until } = filter.span;
  const held = await asking(() =>
    logs.held(wanted, {
      lines: options.selectsHere || wanted === Infinity ? "all" : String(wanted),
      ...(since === undefined ? {} : { since: momentText(since) }),
      ...(until === undefined ? {} : { until: momentText(until) }),
    })
  );
  if (logs.logs === 0 && !following) {
    throw new Failure(EXIT_USAGE, "none of these services has a log there");
  }
  const isNamed = logs.filled > 1 || following && operands.length !== 1;
  const tell = ({ line, origin }: RemoteLine): void =>
    context.out(options.write(isNamed).bytes([line], origin));
  held.forEach(tell);
  if (following) await asking(() => logs.follow(isoTime(now)!, tell));
  return 0;
}

function momentText(unixSeconds: number): string {
  return isoTime(tainFromUnixMs(unixSeconds * 1000))!;
}
