/**
 * hexad: one s6-svscan that supervises in its own process. Its commands are links to the compiled
 * program.
 */
import { run } from "../../../tools/command.ts";
import { layServicedirs, type Peer } from "../peer.ts";

/**
 * Lays a copy of the program and its links into `bin`: a file of its own, so that no page of it is
 * shared with a hexad that somebody else runs, which would make it look smaller.
 */
export async function installHexad(program: string, bin: string): Promise<void> {
  await Deno.copyFile(program, `${bin}/hexad`);
  await run(`${bin}/hexad`, ["--install", bin], { doing: "install hexad's links" });
}

/** @param bin the directory of the links */
export function hexad(bin: string): Peer {
  return {
    name: "hexad",
    title: version(bin),
    lay: layServicedirs,
    layLogger: (servicedir) => {
      Deno.mkdirSync(`${servicedir}/log`);
      Deno.writeTextFileSync(`${servicedir}/log/logscript`, "n3 s1000000 ./lines\n");
    },
    // its limit is 1000 services unless told otherwise, loggers counted
    command: (directory) => [`${bin}/s6-svscan`, "-C", "2000", directory],
    control: (directory) => ({
      down: (service) => [`${bin}/s6-svc`, "-wd", "-d", `${directory}/${service}`],
      up: (service) => [`${bin}/s6-svc`, "-wu", "-u", `${directory}/${service}`],
    }),
  };
}

function version(bin: string): string {
  const { stdout } = new Deno.Command(`${bin}/hexad`, { args: ["--version"] }).outputSync();
  return new TextDecoder().decode(stdout).split("\n")[0]!.trim();
}
