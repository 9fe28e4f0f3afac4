/**
 * /init where it is not the first process of its PID namespace: what is not its own is neither
 * signalled nor waited for.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { type Background, start } from "../fixture/command.ts";
import { childrenOf } from "./host_processes.ts";
import { compileStatic } from "./images.ts";
import { type OverlayOptions, runInit, script, startInit } from "./overlay_container.ts";
import { podman } from "./podman.ts";

const LIVES = "while :; do sleep 1000 & wait $!; done";

/** Ends by SIGTERM with a last line, and tells in a file that it can. */
function polite(name: string): string {
  return script(
    `trap 'kill $!; echo ${name}: last line; exit 0' TERM`,
    `echo ${name}: up`,
    `: >/up-${name}`,
    LIVES,
  );
}

/**
 * A service, an orphan in a session of its own, a script for the end, and a CMD that exits 7 when
 * the others are up.
 */
const EVERYTHING: OverlayOptions = {
  files: {
    "services.d/web/run!": polite("web"),
    "stray/run!": polite("stray"),
    "cont-finish.d/a!": script("echo finish"),
  },
  command: [
    "sh",
    "-c",
    "setsid /etc/stray/run & until test -e /up-web && test -e /up-stray; do sleep 0.01; done; exit 7",
  ],
};

const IN_ORDER = /web: last line\nfinish\nstray: last line\n$/;

/** A process of the test's that everything would reach that signals too much. */
function bystander(): Background {
  return start("sleep", ["100000"]);
}

/** It lives, or it could not die of this. */
async function assertUnharmed(other: Background): Promise<void> {
  other.kill("SIGINT");
  assertEquals(await other.ended(), 130);
}

Deno.test("overlay PID: in the host's PID namespace it ends what it has started, in order, and touches nobody else", async () => {
  await using other = bystander();
  const { code, stdout } = await runInit({ ...EVERYTHING, flags: ["--pid", "host"] });
  assertEquals(code, 7);
  assertMatch(stdout, IN_ORDER);
  await assertUnharmed(other);
});

Deno.test("overlay PID: in the host's PID namespace docker stop ends all that is ours", async () => {
  await using other = bystander();
  await using started = await startInit({
    files: { "services.d/web/run!": polite("web"), "cmd/run!": polite("CMD") },
    flags: ["--pid", "host"],
    command: ["/etc/cmd/run"],
  });
  const { container } = started;
  await container.stdout.until("web: up\n");
  await container.stdout.until("CMD: up\n");
  assertEquals(await container.stop(), 0);
  // for want of a namespace the engine may signal every process of the container by itself, so the
  // order is not ours
  for (const name of ["web", "CMD"]) {
    assertMatch(container.stdout.text, new RegExp(`${name}: last line\\n`));
  }
  await assertUnharmed(other);
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
    files: {
      "cont-init.d/a!": script("setsid /etc/stray/run &"),
      "stray/run!": polite("stray"),
      "cmd/run!": polite("CMD"),
    },
    flags: await engineInit(),
    command: ["/etc/cmd/run"],
  });
  const { container } = started;
  await container.stdout.until("stray: up\n");
  await container.stdout.until("CMD: up\n");
  assertEquals(
    childrenOf(await container.hostPid()).length,
    1,
    "the engine's init has /init, and no orphan",
  );
  assertEquals(await container.stop(), 0);
  assertMatch(container.stdout.text, /stray: last line\n/);
  assertMatch(container.stdout.text, /CMD: last line\n/);
});
