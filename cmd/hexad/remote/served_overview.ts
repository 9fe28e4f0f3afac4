/** What of a served tree the operands of a command mean: all, or services by their names. */
import { EXIT_USAGE } from "../../../lib/core/cli/exit_codes.ts";
import { suggestion } from "../../../lib/core/text/edit_distance.ts";
import type { RemoteTree } from "../../../lib/remote/served_tree.ts";
import type { StatusOverview } from "../../../lib/status/core/status_document.ts";
import { Failure } from "../../context.ts";
import { asking } from "./remote_tree.ts";

/** @throws {Failure} If the tree can't be asked, or has no service of such a name. */
export async function servedOverview(
  tree: RemoteTree,
  operands: readonly string[],
): Promise<StatusOverview> {
  const all = await asking(() => tree.overview());
  if (operands.length === 0) return all;
  const names = [
    ...all.reports.map(({ facts }) => facts.name),
    ...all.oneshots.map(({ service }) => service.name),
  ];
  const unknown = operands.find((word) => !names.includes(word));
  if (unknown !== undefined) {
    throw new Failure(
      EXIT_USAGE,
      `no service ${unknown} in ${all.scandir ?? "that tree"}${suggestion(unknown, names)}`,
    );
  }
  const wanted = new Set(operands);
  const reports = all.reports.filter(({ facts }) => wanted.has(facts.name));
  const named = new Set(reports.map(({ facts }) => facts.name));
  return {
    ...all,
    booting: false,
    reports,
    oneshots: all.oneshots.filter(({ service: { name } }) => wanted.has(name) && !named.has(name)),
    leftOut: [],
  };
}
