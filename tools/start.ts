/**
 * `deno task start [--seconds N] [--port N]`: s6-svscan in the foreground on a copy of
 * examples/scandir, until Ctrl-C or for N seconds.
 *
 * The copy is in a temporary directory, since supervision writes into its service directories; it
 * is removed in the end.
 */
import { parseArgs } from "@std/cli";
import { join } from "@std/path";
import { build, FOR_THIS_MACHINE } from "./build.ts";
import { Fatal, runTool } from "./fatal.ts";
import { DEV_BIN, ROOT } from "./layout.ts";

const USAGE = "usage: deno task start [--seconds N] [--port N]";
const DEFAULT_PORT = 8080;
const HOST = "127.0.0.1";
const ENDING_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

interface Options {
  readonly seconds: number | undefined;
  readonly port: number | undefined;
}

function parseNumber(name: string, text: string | undefined, most: number): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text) || Number(text) > most) {
    throw new Fatal(`--${name} needs a number up to ${most} (${USAGE})`);
  }
  return Number(text);
}

function parseOptions(args: readonly string[]): Options {
  const { seconds, port } = parseArgs(args, {
    string: ["seconds", "port"],
    unknown: (word) => {
      throw new Fatal(`unknown argument: ${word} (${USAGE})`);
    },
  });
  return {
    seconds: parseNumber("seconds", seconds, 86_400),
    port: parseNumber("port", port, 65_535),
  };
}

/** Whether nobody listens on the port; 0 stands for any that is free, which is returned. */
function tryPort(port: number): number | undefined {
  try {
    using listener = Deno.listen({ hostname: HOST, port });
    return listener.addr.port;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return undefined;
    throw error;
  }
}

function choosePort(wanted: number | undefined): number {
  const port = tryPort(wanted ?? DEFAULT_PORT) ?? (wanted === undefined ? tryPort(0) : undefined);
  if (port === undefined) throw new Fatal(`port ${wanted} is taken`);
  return port;
}

async function copyTree(from: string, to: string): Promise<void> {
  await Deno.mkdir(to);
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyTree(join(from, name), join(to, name));
    else await Deno.copyFile(join(from, name), join(to, name));
  }
}

function tellHowToLook(scandir: string, port: number): void {
  console.log(`
s6-svscan supervises ${scandir}
  http://${HOST}:${port}/          what its web server has to say
From another terminal:
  export PATH=${DEV_BIN}:$PATH S6_SCANDIR=${scandir}
  hexad status           what is up and since when, what has died and of what, the last log lines
  hexad top              the same on the whole screen, with keys to restart, stop and follow a log
  hexad logs -f          what the services write, as they write it
  hexad restart web      the server ends and starts again; stop and start do what they say
Ctrl-C stops everything in order.
`);
}

/**
 * Sends SIGTERM to s6-svscan when this program is told to end; Ctrl-C reaches both, and a second
 * signal does no harm.
 */
function passOnSignals(svscan: Deno.ChildProcess): Disposable {
  const end = (): void => svscan.kill("SIGTERM");
  for (const signal of ENDING_SIGNALS) Deno.addSignalListener(signal, end);
  return {
    [Symbol.dispose](): void {
      for (const signal of ENDING_SIGNALS) Deno.removeSignalListener(signal, end);
    },
  };
}

async function supervise(
  scandir: string,
  port: number,
  seconds: number | undefined,
): Promise<number> {
  const svscan = new Deno.Command(join(DEV_BIN, "s6-svscan"), {
    args: [scandir],
    env: {
      DENO: Deno.execPath(),
      PATH: `${DEV_BIN}:${Deno.env.get("PATH") ?? "/usr/bin:/bin"}`,
      PORT: String(port),
    },
    stdin: "null",
  }).spawn();
  using _signals = passOnSignals(svscan);
  const timer = seconds === undefined
    ? undefined
    : setTimeout(() => svscan.kill("SIGTERM"), seconds * 1000);
  const { code } = await svscan.status;
  clearTimeout(timer);
  return code;
}

await runTool("start", async () => {
  const options = parseOptions(Deno.args);
  const port = choosePort(options.port);
  await build(FOR_THIS_MACHINE);
  const directory = await Deno.makeTempDir({ prefix: "hexad-start-" });
  try {
    const scandir = join(directory, "scan");
    await copyTree(join(ROOT, "examples/scandir"), scandir);
    tellHowToLook(scandir, port);
    return await supervise(scandir, port, options.seconds);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
