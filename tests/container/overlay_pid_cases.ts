/** /init where it is not the first process of its PID namespace: what is not its own is neither signalled nor waited for. */
import { assertEquals, assertMatch } from "@std/assert";
import { childrenOf } from "./host_processes.ts";
import { compileStatic } from "./images.ts";
import { type OverlayOptions, runInit, script, startInit } from "./overlay_container.ts";
import { podman } from "./podman.ts";

const LIVES = "while :; do sleep 1000 & wait $!; done";

/** Ends by SIGTERM with a last line, and tells in a file that it can. */
function polite(name: string): string {
  return script(`trap 'kill $!; echo ${name}: last line; exit 0' TERM`, `echo ${name}: up`, `: >/up-${name}`, LIVES);
}

/** A service, an orphan in a session of its own, a script for the end, and a CMD that exits 7 when the others are up. */
const EVERYTHING: OverlayOptions = {
  files: {
    "services.d/web/run!": polite("web"),
    "stray/run!": polite("stray"),
    "cont-finish.d/a!": script("echo finish"),
  },
  command: ["sh", "-c", "setsid /etc/stray/run & until test -e /up-web && test -e /up-stray; do sleep 0.01; done; exit 7"],
};

const IN_ORDER = /web: last line\nfinish\nstray: last line\n$/;

/** A process of the test's that everything would reach that signals too much. */
function bystander(): Deno.ChildProcess {
  return new Deno.Command("sleep", { args: ["100000"], stdin: "null" }).spawn();
}

Deno.test("overlay PID: in the host's PID namespace it ends what it has started, in order, and touches nobody else", async () => {
  const other = bystander();
  const { code, stdout } = await runInit({ ...EVERYTHING, flags: ["--pid", "host"] });
  assertEquals(code, 7);
  assertMatch(stdout, IN_ORDER);
  other.kill("SIGINT"); // it was there to get it
  assertEquals((await other.status).signal, "SIGINT");
});

Deno.test("overlay PID: in the host's PID namespace docker stop is an end in order", async () => {
  const other = bystander();
  await using started = await startInit({
    files: { "services.d/web/run!": polite("web"), "cmd/run!": polite("CMD") },
    flags: ["--pid", "host"],
    command: ["/etc/cmd/run"],
  });
  const { container } = started;
  await container.stdout.until("web: up\n");
  await container.stdout.until("CMD: up\n");
  assertEquals(await container.stop(), 0);
  assertMatch(container.stdout.text, /web: last line\nCMD: last line\n$/);
  other.kill("SIGINT");
  assertEquals((await other.status).signal, "SIGINT");
});

/** `docker run --init`, with an init that every machine has. */
async function engineInit(): Promise<string[]> {
  const path = `${(await podman()).root}/engine_init`;
  await compileStatic("engine_init.c", path);
  return ["--init", "--init-path", path];
}

Deno.test("overlay PID: below an engine's own init all is as without it", async () => {
  const { code, stdout } = await runInit({ ...EVERYTHING, flags: await engineInit() });
  assertEquals(code, 7);
  assertMatch(stdout, IN_ORDER);
});

Deno.test("overlay PID: an engine's own init passes docker stop on, and orphans are /init's", async () => {
  await using started = await startInit({
    files: { "cont-init.d/a!": script("setsid /etc/stray/run &"), "stray/run!": polite("stray"), "cmd/run!": polite("CMD") },
    flags: await engineInit(),
    command: ["/etc/cmd/run"],
  });
  const { container } = started;
  await container.stdout.until("stray: up\n");
  await container.stdout.until("CMD: up\n");
  assertEquals(childrenOf(await container.hostPid()).length, 1, "the engine's init has /init, and no orphan");
  assertEquals(await container.stop(), 0);
  assertMatch(container.stdout.text, /stray: last line\n/);
  assertMatch(container.stdout.text, /CMD: last line\n/);
});
