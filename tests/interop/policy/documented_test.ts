/**
 * What docs/servicedir.md shows is accepted: its examples are executed, and the supervisor has
 * nothing to warn about.
 */
import { assertEquals, assertGreater } from "@std/assert";
import { run } from "../../fixture/command.ts";
import { ROOT } from "../../fixture/toolset.ts";
import { makeTree } from "../../fixture/tree.ts";
import { OURS_THEIRS, test } from "../pairing.ts";
import { openWorld } from "../world.ts";

/** The shell commands of the document that make files in `service/`. */
function examples(): string[] {
  const text = Deno.readTextFileSync(`${ROOT}/docs/servicedir.md`);
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map((match) => match[1]!).filter((code) =>
    code.includes(" service/") || code.includes(">service/")
  );
}

test(
  OURS_THEIRS,
  "the examples of docs/servicedir.md: each file is understood at a death and at a stop",
  async () => {
    using scratch = makeTree({});
    const spec: Record<string, string> = {};
    const services = new Set<string>();
    for (const code of examples()) {
      for (const [, name] of code.matchAll(/service\/([a-z]+)\//g)) {
        services.add(name!);
        scratch.add({ [`service/${name}/`]: "" });
      }
      const { code: exit, stderr } = await run("/bin/sh", ["-e", "-c", code], {
        cwd: scratch.root,
      });
      assertEquals({ exit, stderr }, { exit: 0, stderr: "" });
    }
    let files = 0;
    for (const name of services) {
      spec[`${name}/run!`] = "#!/bin/sh\nexec sleep 100000\n";
      for (const file of Deno.readDirSync(scratch.path("service", name))) {
        // an essential one would take the others along; checks would change what the events are
        if (file.name === "flag-essential" || file.isDirectory) continue;
        files++;
        spec[`${name}/${file.name}`] = scratch.text(`service/${name}/${file.name}`);
      }
    }
    assertGreater(files, 8);
    await using world = await openWorld(OURS_THEIRS, spec);
    for (const name of services) {
      await world.events(name).until("u");
      await world.svc("-k", name);
      await world.events(name).until("D");
      await world.svc("-u", name);
      await world.events(name).until("u");
      await world.svc("-d", name);
      await world.svc("-d", name); // the second does not wait for the drain
      await world.events(name).until("D");
    }
    assertEquals(world.svscan.output.text, "");
  },
);
