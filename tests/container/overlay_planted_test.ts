/**
 * Things of every kind at the paths that /init, the first process of a container, opens itself: in
 * the image before the start, and in what it has made while it runs. One container for all of them.
 * The boot comes to its CMD, a service that has nothing to do with it is supervised, and the end
 * comes in order.
 */
import { assert, assertEquals, assertNotMatch } from "@std/assert";
import { O_WRONLY } from "../../lib/core/linux/open_flags.ts";
import { close, write } from "../../lib/libc/file.ts";
import { openFifo } from "../../lib/libc/wary_open.ts";
import { unpackSvstatus } from "../../lib/servicedir/core/svstatus.ts";
import { STACK_TRACE } from "../fault/patient.ts";
import { eventually } from "../fixture/deadline.ts";
import { type Plant, plant, PLANT_KINDS, type PlantKind } from "../fixture/plants.ts";
import type { Tree } from "../fixture/tree.ts";
import { script, startInit } from "./overlay_container.ts";

const BUNDLE = "s6-overlay/user-bundles.d/user/contents.d";
const SLEEP = script("exec sleep 1000000");

/** By kind, paths below /etc; `N` is the number of the kind. */
const AT_BOOT = [
  "cont-init.d/5N",
  "cont-finish.d/5N",
  "fix-attrs.d/5N",
  "sysctl.d/5N.conf",
  "services.d/runN/run",
  "services.d/finishN/finish",
  "services.d/loggedN/log/run",
  "services.d/allN",
  "s6-overlay/s6-rc.d/typeN/type",
  "s6-overlay/s6-rc.d/longrunN/run",
  "s6-overlay/s6-rc.d/readyN/notification-fd",
  "s6-overlay/s6-rc.d/oneshotN/up",
  "s6-overlay/s6-rc.d/neededN/dependencies.d",
  "s6-overlay/s6-rc.d/defN",
];
/** Copied as a whole into /run, as the original does: a terabyte is none that a test can have. */
const COPIED = /^services\.d/;
const WELL = {
  "cont-init.d/00-well!": script("echo first"),
  "cont-init.d/99-well!": script("echo last"),
  "cont-finish.d/99-well!": script("echo finished"),
  "services.d/well/run!": SLEEP,
  "services.d/other/run!": SLEEP,
};

/** What is beside the planted file, so that it is come to. */
function neighbours(number: number): Readonly<Record<string, string>> {
  const definition = (name: string): string => `s6-overlay/s6-rc.d/${name}${number}`;
  return {
    [`services.d/finish${number}/run!`]: SLEEP,
    [`services.d/logged${number}/run!`]: SLEEP,
    [`${definition("longrun")}/type`]: "longrun\n",
    [`${definition("ready")}/type`]: "longrun\n",
    [`${definition("ready")}/run!`]: SLEEP,
    [`${definition("oneshot")}/type`]: "oneshot\n",
    [`${definition("needed")}/type`]: "oneshot\n",
    [`${definition("needed")}/up`]: "true\n",
    ...Object.fromEntries(
      ["longrun", "ready", "oneshot", "needed", "type", "def"].map((
        name,
      ) => [`${BUNDLE}/${name}${number}`, ""]),
    ),
  };
}

/** In what /init has made in /run; `N` as above. */
const WHILE_IT_RUNS = [
  "s6/container_environment/PLANTED_N",
  "service/.s6-svscan/SIGWINCH",
  "s6-rc/lock",
  "s6-rc/state.new",
  "s6-linux-init-container-results/exitcode",
];

class Planting {
  readonly #behind: string;
  readonly #plants: Plant[] = [];
  #count = 0;

  constructor(behind: string) {
    Deno.mkdirSync(behind, { recursive: true });
    this.#behind = behind;
  }

  plant(kind: PlantKind, place: string): void {
    Deno.mkdirSync(place.slice(0, place.lastIndexOf("/")), { recursive: true });
    this.#plants.push(plant(kind, place, `${this.#behind}/${this.#count++}`));
    const { isFile } = Deno.lstatSync(place);
    // so that it is not passed over for want of a bit
    if (isFile && kind !== "an unreadable file" && kind !== "a hard link") {
      Deno.chmodSync(place, 0o755);
    }
  }

  assertUntouched(): void {
    for (const { assertUntouched } of this.#plants) assertUntouched();
  }
}

function plantImage(tree: Tree, planting: Planting): void {
  for (const [number, kind] of PLANT_KINDS.entries()) {
    tree.add(neighbours(number));
    for (const path of AT_BOOT) {
      if (kind === "a huge file" && COPIED.test(path)) continue;
      planting.plant(kind, tree.path(path.replace("N", String(number))));
    }
  }
}

/** Killed, it is started again. Asked without a program: by the files in `servicedir`. */
async function isSupervised(servicedir: string): Promise<void> {
  const well = `${servicedir}/supervise`;
  const pid = (): number => unpackSvstatus(Deno.readFileSync(`${well}/status`)).pid;
  const before = await eventually("the service to be up", pid);
  const control = openFifo(`${well}/control`, O_WRONLY);
  write(control, new TextEncoder().encode("k"));
  close(control);
  await eventually("the service to be started again", () => ![0, before].includes(pid()));
}

Deno.test("overlay: things of every kind wherever /init opens files, before the start and while it runs: the others go on, and it ends in order", async () => {
  let planted: Planting | undefined;
  await using started = await startInit({
    files: WELL,
    env: {
      S6_KILL_GRACETIME: "500",
      S6_SERVICES_GRACETIME: "2000",
      S6_KILL_FINISH_MAXTIME: "2000",
    },
    command: ["sh", "-c", "echo CMD; exec sleep 1000000"],
    arrange: (tree) => {
      planted = new Planting(tree.path("behind"));
      plantImage(tree, planted);
    },
  });
  const { container } = started;
  await container.stdout.until("CMD\n").catch((error) => {
    throw new Error(`${error.message}; ${container.stderr.text}`);
  });
  assert(container.stdout.text.startsWith("first\n"), container.stdout.text);
  assert(container.stdout.text.includes("last\n"), container.stdout.text);
  const pid = await container.hostPid();
  const run = `/proc/${pid}/root/run`;
  // links within the container lead elsewhere from outside
  const place = async (path: string): Promise<string> =>
    `/proc/${pid}/root${(await container.said("realpath", `/run/service/${path}`)).trim()}`;
  const [well, other] = [await place("well"), await place("other")];
  await isSupervised(well);
  planted!.assertUntouched();
  const later = new Planting(`${run}/behind`);
  for (const [number, kind] of PLANT_KINDS.entries()) {
    for (const path of WHILE_IT_RUNS) {
      later.plant(kind, `${run}/${path.replace("N", String(number))}`);
    }
    later.plant(kind, `${other}/supervise/status.new`);
    Deno.kill(pid, "SIGWINCH");
    await isSupervised(well);
    later.assertUntouched();
  }
  const { code, stderr } = await container.exec(["with-contenv", "true"]);
  assert([0, 111].includes(code), `with-contenv exited ${code}: ${stderr}`);
  await container.kill("SIGTERM");
  await container.ended();
  assert(container.stdout.text.includes("finished\n"), container.stderr.text);
  assertNotMatch(`${container.stdout.text}${container.stderr.text}`, STACK_TRACE);
  planted!.assertUntouched();
  assertEquals(container.stderr.text.match(/fatal: /g), null, container.stderr.text);
});
