/** Containers that tell when they began, when their CMD did, when it ended, and when they did. */
import { compileStatic } from "./compile_static.ts";
import { run } from "../../tools/command.ts";
import { DIST, DIST_FILES } from "../../tools/layout.ts";
import { peakBytes, pssKib, treeOf } from "./proc.ts";
import { pause } from "./row.ts";

export const CLOCK = "/bin/container_clock";
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
  await Deno.chmod(root, 0o755); // it is the root of whoever a logger runs as, too
  for (const name of ["bin", "dev", "etc", "proc", "run"]) await Deno.mkdir(`${root}/${name}`);
  await Deno.writeTextFile(`${root}/dev/null`, ""); // where the real one is mounted
  await run("tar", ["-xzf", `${DIST}/${DIST_FILES.overlayTarball}`, "-C", root], {
    doing: "unpack the overlay",
  });
  await compileStatic("container_clock.c", clock);
  return { clock, root };
}

/** Services of an image, by how many there are and whether each has a logger. */
export interface LaidServices {
  readonly services: number;
  readonly loggers: boolean;
}

function profileOf({ services, loggers }: LaidServices): string {
  return `${services}-${loggers ? "logged" : "bare"}`;
}

const NOBODY = 65534;

/**
 * Puts service directories into the root, which a container can be told to have. Their `run` does
 * nothing, and logs go to /var/log.
 */
export async function layServices({ root }: ContainerPlace, laid: LaidServices): Promise<void> {
  const parent = `${root}/etc/cont-profile.d/${profileOf(laid)}/services.d`;
  await Deno.mkdir(parent, { recursive: true });
  await Deno.mkdir(`${root}/var/log`, { recursive: true });
  await Deno.chown(`${root}/var/log`, NOBODY, NOBODY);
  await Deno.writeTextFile(`${root}/etc/passwd`, `nobody:x:${NOBODY}:${NOBODY}::/:/bin/false\n`);
  await Deno.writeTextFile(`${root}/etc/group`, `nogroup:x:${NOBODY}:\n`);
  for (let i = 0; i < laid.services; i++) {
    await layRun(`${parent}/service${i}`, `#!${CLOCK} service\n`);
    if (laid.loggers) {
      await layRun(
        `${parent}/service${i}/log`,
        `#!/command/execlineb -P\nlogutil-service /var/log/service${i}\n`,
      );
    }
  }
}

async function layRun(directory: string, text: string): Promise<void> {
  await Deno.mkdir(directory);
  await Deno.writeTextFile(`${directory}/run`, text);
  await Deno.chmod(`${directory}/run`, 0o755);
}

export interface TimedContainer {
  /**
   * Its first process; in the root directory of the place, or in this machine's if that is said.
   */
  readonly init: readonly string[];
  readonly machineRoot?: boolean;
  /** Nothing: the first process has no CMD. */
  readonly cmdLifeMs?: number;
  /** What its image has; absent: none. */
  readonly services?: LaidServices;
  /** A profile of the root instead. */
  readonly profile?: string;
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

function launch(
  { clock, root }: ContainerPlace,
  { init, machineRoot = false, cmdLifeMs, services, profile: named }: TimedContainer,
): Deno.Command {
  const command = cmdLifeMs === undefined ? [] : [CLOCK, "command", String(cmdLifeMs), "0"];
  const name = named ?? (services === undefined ? undefined : profileOf(services));
  const profile = name === undefined ? [] : [`S6_RUNTIME_PROFILE=${name}`];
  return new Deno.Command(clock, {
    args: ["launch", machineRoot ? "/" : root, ...init, ...command],
    clearEnv: true,
    env: { CLOCK_ENV: ["S6_VERBOSITY=1", ...profile].join(" ") },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

/** Runs one to its end. @throws {Error} If it did not tell all, or did not end well. */
export async function timeContainer(
  place: ContainerPlace,
  container: TimedContainer,
): Promise<ContainerTimes> {
  const { init } = container;
  const { stdout, stderr } = await launch(place, container).output();
  const text = new TextDecoder().decode(stdout);
  if (!/^end \d+ 0$/m.test(text)) {
    throw new Error(
      `the container of ${init.join(" ")} failed: ${text}${new TextDecoder().decode(stderr)}`,
    );
  }
  const moments = momentsIn(text);
  const between = (from: string, to: string): number =>
    (moments.get(to)! - moments.get(from)!) / NANOSECONDS_A_MS;
  return {
    bootMs: between("start", "first"),
    endMs: between("last", "end"),
    wholeMs: between("start", "end"),
  };
}

/**
 * The most that the processes of a container had resident, in bytes: its first process, and the log
 * host, 0 without one.
 */
export interface ContainerPeaks {
  readonly initBytes: number;
  readonly logHostBytes: number;
}

/** Long enough for all services and their loggers to run. */
const PEAK_LIFE_MS = 4000;
const PEAK_LOOK_MS = 3000;

/**
 * Runs /init with these services, and looks at its processes shortly before the CMD ends. @throws
 * {Error} If they are not there then.
 */
export async function containerPeaks(
  place: ContainerPlace,
  services: LaidServices,
): Promise<ContainerPeaks> {
  const child = launch(place, { init: OVERLAY_INIT, cmdLifeMs: PEAK_LIFE_MS, services }).spawn();
  const output = child.output();
  await pause(PEAK_LOOK_MS);
  const tree = treeOf(child.pid);
  const peakOf = (name: string): number =>
    Math.max(0, ...tree.filter(({ comm }) => comm === name).map(({ pid }) => peakBytes(pid)));
  const peaks = { initBytes: peakOf("init"), logHostBytes: peakOf("hexad") };
  const { stderr } = await output;
  if (peaks.initBytes === 0 || (services.loggers && peaks.logHostBytes === 0)) {
    throw new Error(
      `no ${profileOf(services)} container was up in time: ${new TextDecoder().decode(stderr)}`,
    );
  }
  return peaks;
}

/**
 * What /init has of memory with the services of a profile, by its share of pages. @throws {Error} If
 * it is not there in time.
 */
export async function containerPss(place: ContainerPlace, profile: string): Promise<number> {
  const child = launch(place, { init: OVERLAY_INIT, cmdLifeMs: PEAK_LIFE_MS, profile }).spawn();
  const output = child.output();
  await pause(PEAK_LOOK_MS);
  const init = treeOf(child.pid).find(({ comm }) => comm === "init");
  const bytes = init === undefined ? 0 : pssKib(init.pid) * 1024;
  const { stderr } = await output;
  if (bytes === 0) {
    throw new Error(`no ${profile} container was up: ${new TextDecoder().decode(stderr)}`);
  }
  return bytes;
}

/** The first process of the overlay, and the least that can be one. */
export const OVERLAY_INIT = ["/init"];
export const LEAST_INIT = [CLOCK, "init"];
