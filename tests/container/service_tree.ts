/** Service directories whose `run` is the probe. */
import type { Tree, TreeSpec } from "../fixture/tree.ts";

/** Puts a directory in front of every path of a table. */
export function under(directory: string, spec: TreeSpec): TreeSpec {
  return Object.fromEntries(
    Object.entries(spec).map(([path, value]) => [`${directory}/${path}`, value]),
  );
}

/** A service that the probe plays; what it does is in probe.c's head. */
export function probeService(name: string, files: TreeSpec = {}): TreeSpec {
  return under(name, { "run=": "/bin/probe", ...files });
}

/** The same with a logger, which writes what it gets to NAME/log/out. */
export function loggedService(
  name: string,
  files: TreeSpec = {},
  loggerFiles: TreeSpec = {},
): TreeSpec {
  return {
    ...probeService(name, files),
    ...probeService(`${name}/log`, { "data/collect": "", ...loggerFiles }),
  };
}

/** Lets a probe go on that waits for a FIFO of its data. */
export async function release(tree: Tree, fifo: string): Promise<void> {
  (await Deno.open(tree.path(fifo), { write: true })).close();
}

/** What the logger of a service has written when everything went as it should. */
export function wholeLog(name: string): string {
  return `${name}: up\n${name}: asked to stop by signal 15\n${name}: last line\n${name}/log: end of file\n`;
}
