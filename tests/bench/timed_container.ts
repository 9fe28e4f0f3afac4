/** Containers that tell when they began, when their CMD did, when it ended, and when they did. */
import { run } from "../../tools/command.ts";
import { DIST, DIST_FILES } from "../../tools/layout.ts";

const CLOCK = "/bin/container_clock";
const NANOSECONDS_A_MS = 1e6;

/** How long the steps of one container took. */
export interface ContainerTimes {
  /** From the moment before the first process is executed to the CMD's first action. */
  readonly bootMs: number;
  /** From the CMD's last action to the moment when the first process has been waited for. */
  readonly endMs: number;
  /** From the first of these moments to the last. */
  readonly wholeMs: number;
}

export interface ContainerPlace {
  /** The program of container_clock.c. */
  readonly clock: string;
  /** A root directory that holds the overlay's tarball and the clock; nothing else. */
  readonly root: string;
}

/** @param parent the directory in which it gets one of its own */
export async function layContainer(parent: string): Promise<ContainerPlace> {
  const root = await Deno.makeTempDir({ dir: parent, prefix: "container-" });
  const clock = `${root}${CLOCK}`;
  for (const name of ["bin", "dev", "etc", "proc", "run"]) await Deno.mkdir(`${root}/${name}`);
  await Deno.writeTextFile(`${root}/dev/null`, ""); // where the real one is mounted
  await run("tar", ["-xzf", `${DIST}/${DIST_FILES.overlayTarball}`, "-C", root], { doing: "unpack the overlay" });
  const source = `${import.meta.dirname}/container_clock.c`;
  await run("gcc", ["-O2", "-Wall", "-Wextra", "-Werror", "-static", "-o", clock, source], { doing: "compile container_clock.c" });
  return { clock, root };
}

export interface TimedContainer {
  /** Its first process; in the root directory of the place, or in this machine's if that is said. */
  readonly init: readonly string[];
  readonly machineRoot?: boolean;
  /** Nothing: the first process has no CMD. */
  readonly cmdLifeMs?: number;
}

/** The moments of `start`, `first`, `last` and `end`, in nanoseconds. */
function momentsIn(text: string): ReadonlyMap<string, number> {
  return new Map(
    text.trimEnd().split("\n").map((line) => {
      const [name = "", moment] = line.split(" ");
      return [name, Number(moment)];
    }),
  );
}

/** Runs one to its end. @throws {Error} If it did not tell all, or did not end well. */
export async function timeContainer({ clock, root }: ContainerPlace, container: TimedContainer): Promise<ContainerTimes> {
  const { init, machineRoot = false, cmdLifeMs } = container;
  const command = cmdLifeMs === undefined ? [] : [CLOCK, "command", String(cmdLifeMs), "0"];
  const { stdout, stderr } = await new Deno.Command(clock, {
    args: ["launch", machineRoot ? "/" : root, ...init, ...command],
    clearEnv: true,
    env: { CLOCK_ENV: "S6_VERBOSITY=1" },
    stdin: "null",
  }).output();
  const text = new TextDecoder().decode(stdout);
  if (!/^end \d+ 0$/m.test(text)) throw new Error(`the container of ${init.join(" ")} failed: ${text}${new TextDecoder().decode(stderr)}`);
  const moments = momentsIn(text);
  const between = (from: string, to: string): number => (moments.get(to)! - moments.get(from)!) / NANOSECONDS_A_MS;
  return { bootMs: between("start", "first"), endMs: between("last", "end"), wholeMs: between("start", "end") };
}

/** The first process of the overlay, and the least that can be one. */
export const OVERLAY_INIT = ["/init"];
export const LEAST_INIT = [CLOCK, "init"];
