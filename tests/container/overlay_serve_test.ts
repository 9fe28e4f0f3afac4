/** S6_SERVE: /init adds the service that shows the container to the outside. */
import { assertEquals, assertMatch } from "@std/assert";
import { eventually } from "../fixture/deadline.ts";
import { runInit, startInit } from "./overlay_container.ts";

Deno.test("overlay serve: S6_SERVE names a socket on a mounted directory: the container is seen from outside", async () => {
  await using init = await startInit({
    files: { "/shown/keep": "" },
    env: { S6_SERVE: "unix:/shown/hexad.sock --allow restart" },
    command: ["sh", "-c", "echo CMD: up; exec sleep 100000"],
  });
  await init.container.stdout.until("CMD: up\n");
  const path = init.tree.path("shown/hexad.sock");
  await eventually("the socket", () => init.tree.exists("shown/hexad.sock"));
  const client = Deno.createHttpClient({ proxy: { transport: "unix", path } });
  const get = async (what: string): Promise<Record<string, unknown>> =>
    await (await fetch(`http://hexad${what}`, { client })).json();
  try {
    const { scandir, allow } = await get("/v1/about");
    assertEquals([scandir, allow], ["/run/service", ["restart"]]);
    const { services } = await get("/v1/services") as { services: { name: string }[] };
    assertEquals(services.some(({ name }) => name === "hexad-serve"), true);
  } finally {
    client.close();
  }
  await init.container.stop();
});

Deno.test("overlay serve: S6_SERVE that is no address is told, and the container runs without", async () => {
  const { code, stderr } = await runInit({
    env: { S6_SERVE: "everywhere" },
    command: ["sh", "-c", "test ! -e /run/service/hexad-serve"],
  });
  assertEquals(code, 0);
  assertMatch(stderr, /init: warning: S6_SERVE=everywhere: no address/);
});
