/**
 * Variables of an image that are meant for its own programs, and that the runtime would read: ours
 * do what they always do.
 */
import { assert, assertEquals } from "@std/assert";
import { run } from "../fixture/command.ts";
import { RUNTIME_VARIABLES } from "../fixture/runtime_variables.ts";
import { OURS } from "../fixture/toolset.ts";
import { makeTree } from "../fixture/tree.ts";
import { Patient } from "./patient.ts";

const NOT_SUPERVISED = 1;

for (
  const [name, value] of Object.entries({
    ...RUNTIME_VARIABLES,
    "DENO_TOKIO_EVENT_INTERVAL ": "0",
    "SIMDUTF_FORCE_IMPLEMENTATION ": "",
  })
) {
  Deno.test(`${name.trim()}=${value} in the environment is nothing to a client, and its program gets it`, async () => {
    using tree = makeTree();
    const options = { env: { [name.trim()]: value } };
    assertEquals(await run(OURS.bin("s6-svok"), [tree.root], options), {
      code: NOT_SUPERVISED,
      stdout: "",
      stderr: "",
    });
    const { code, stdout, stderr } = await run(
      OURS.bin("s6-setlock"),
      [tree.path("lock"), "env"],
      options,
    );
    assertEquals([code, stderr], [0, ""]);
    assert(stdout.split("\n").includes(`${name.trim()}=${value}`), stdout);
  });
}

Deno.test("SSLKEYLOGFILE in the environment: no file is made", async () => {
  using tree = makeTree();
  await run(OURS.bin("s6-svok"), [tree.root], { env: { SSLKEYLOGFILE: tree.path("keys") } });
  assertEquals(tree.exists("keys"), false);
});

Deno.test("every variable of the runtime at once: s6-svscan supervises and logs, and its services get them", async () => {
  const spec = {
    "web/run!": "#!/bin/sh\nenv >environment\necho started\nexec sleep 1000000\n",
    "web/log/logscript": "./lines\n",
  };
  await using patient = await Patient.admit(spec, {
    env: RUNTIME_VARIABLES,
    healthy: ["web", "web/log"],
  });
  const environment = patient.tree.text("web/environment").split("\n");
  for (const [name, value] of Object.entries(RUNTIME_VARIABLES)) {
    assert(environment.includes(`${name}=${value}`), `${name}=${value}`);
  }
  await patient.killAndReturn("web/log");
  await patient.killAndReturn("web");
  await patient.recovered();
  assertEquals(patient.said, "");
});
