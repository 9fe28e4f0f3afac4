/** Listens, and answers until a signal ends the process. */
import { spreadLastNet } from "../mishap/last_net.ts";
import { answer } from "./answer.ts";
import { addressText, type ListenAddress } from "./core/listen_address.ts";
import type { ServedTree } from "./served_tree.ts";

export interface ServeOptions {
  readonly address: ListenAddress;
  readonly hosts: readonly string[];
  readonly tree: ServedTree;
  warn(text: string): void;
  info(text: string): void;
}

export async function serve(options: ServeOptions): Promise<number> {
  const { address, hosts, tree, warn, info } = options;
  const mishaps = spreadLastNet(warn);
  const handler = (request: Request): Promise<Response> =>
    answer(request, { tree, hosts, mishaps });
  const onListen = (): void => info(`serving ${tree.scandir} at ${addressText(address, "http")}`);
  const server = address.kind === "unix"
    ? Deno.serve({ path: address.path, onListen }, handler)
    : Deno.serve({ hostname: address.host, port: address.port, onListen }, handler);
  await server.finished;
  return 0;
}
