/** The exit code of a container: `.s6-svscan/finish` decides it, and without one it is 0. */
import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { makeTree } from "../fixture/tree.ts";
import { type Container, startContainer } from "./container.ts";
import { image } from "./images.ts";
import { probeService } from "./service_tree.ts";

const FINISH = {
  ".s6-svscan/finish!":
    '#!/bin/sh\necho "finish runs as $$ with $# arguments in $(pwd)"\nexit 42\n',
};

interface Ending {
  readonly how: string;
  /** Whether the services are asked to stop before. */
  readonly inOrder: boolean;
  readonly end: (container: Container) => Promise<void>;
}

/** The container may end before the client does, which then is killed with everything else. */
async function svscanctl(container: Container, letter: string): Promise<void> {
  await container.exec(["/usr/bin/s6-svscanctl", letter, "/service"]);
}

const ENDINGS: readonly Ending[] = [
  { how: "SIGTERM", inOrder: true, end: (container) => container.kill("TERM") },
  { how: "SIGABRT", inOrder: false, end: (container) => container.kill("ABRT") },
  { how: "s6-svscanctl -t", inOrder: true, end: (container) => svscanctl(container, "-t") },
  { how: "s6-svscanctl -q", inOrder: true, end: (container) => svscanctl(container, "-q") },
  { how: "s6-svscanctl -b", inOrder: false, end: (container) => svscanctl(container, "-b") },
];

for (const { how, inOrder, end } of ENDINGS) {
  const manner = inOrder ? "stops the services" : "leaves at once";
  Deno.test(`exit code: ${how} ${manner}, and without a finish script it is 0`, async () => {
    using tree = makeTree(probeService("db"));
    await using container = await startContainer({ image: await image("probe"), tree });
    await container.stdout.until("db: up\n");
    await end(container);
    assertEquals(await container.ended(), 0);
    assertEquals(container.stdout.text.includes("db: last line\n"), inOrder);
  });

  Deno.test(`exit code: ${how} ${manner}, and .s6-svscan/finish decides it`, async () => {
    using tree = makeTree({ ...probeService("db"), ...FINISH });
    await using container = await startContainer({ image: await image("shell"), tree });
    await container.stdout.until("db: up\n");
    await end(container);
    assertEquals(await container.ended(), 42);
    assertMatch(container.stdout.text, /finish runs as 1 with 0 arguments in \/service\n$/);
    assertEquals(container.stdout.text.includes("db: last line\n"), inOrder);
  });
}

Deno.test("exit code: a finish script whose interpreter is not in the image is said to be so, and it is not 0", async () => {
  using tree = makeTree({ ...probeService("db"), ...FINISH });
  await using container = await startContainer({ image: await image("probe"), tree });
  await container.stdout.until("db: up\n");
  assertNotEquals(await container.stop(), 0);
  assertMatch(container.stderr.text, /finish.*interpreter \/bin\/sh not found/);
});

for (const signal of ["KILL", "SEGV"]) {
  Deno.test(`exit code: the end of a service by SIG${signal} is not the end of the container`, async () => {
    using tree = makeTree(probeService("db"));
    await using container = await startContainer({ image: await image("shell"), tree });
    await container.stdout.until("db: up\n");
    const pid = (await container.said("/usr/bin/s6-svstat", "-p", "/service/db")).trim();
    await container.said("kill", `-${signal}`, pid);
    await container.stdout.until(/db: up\n(.*\n)*db: up\n/);
    assertEquals(await container.stop(), 0);
  });
}
