/** Which members of pipelines get a logscript in the place of a process. */
import { assertEquals } from "@std/assert";
import { hostConsumers } from "../../../lib/rc/hosted_consumers.ts";
import { longruns } from "../../../lib/rc/live_set.ts";
import { rcDatabase } from "../../fake/rc_database.ts";

Deno.test("consumers: a logger at the end of a pipeline loses its run and gets a logscript; a filter, and what is no plain logger, do not", () => {
  const folder = Deno.makeTempDirSync({ prefix: "rc-consumers-" });
  try {
    const database = rcDatabase({
      app: { consumer: "filter" },
      filter: { consumer: "log" },
      log: {},
      other: { consumer: "own" },
      own: {},
    });
    for (const name of ["app", "filter", "log", "other", "own"]) {
      Deno.mkdirSync(`${folder}/servicedirs/${name}`, { recursive: true });
      Deno.writeTextFileSync(`${folder}/servicedirs/${name}/run`, "");
    }
    hostConsumers(
      folder,
      longruns(database),
      (servicedir) => servicedir.endsWith("/own") ? undefined : "n20 /logs/app\n",
    );
    const files = (name: string): string[] =>
      [...Deno.readDirSync(`${folder}/servicedirs/${name}`)].map((entry) => entry.name);
    assertEquals(["app", "filter", "log", "other", "own"].map(files), [
      ["run"],
      ["run"],
      ["logscript"],
      ["run"],
      ["run"],
    ]);
    assertEquals(Deno.readTextFileSync(`${folder}/servicedirs/log/logscript`), "n20 /logs/app\n");
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
