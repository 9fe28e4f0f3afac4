/**
 * `deno task bench`: builds, installs what is measured beside us, and runs tests/bench/main.ts with
 * the arguments given.
 */
import { build, FOR_THIS_MACHINE } from "./build.ts";
import { ensurePackages } from "./debian.ts";
import { runTool } from "./fatal.ts";
import { ROOT } from "./layout.ts";
import { BENCH_PACKAGES } from "./test/tiers.ts";

await runTool("bench", async () => {
  await ensurePackages(BENCH_PACKAGES, (text) => console.error(`bench: ${text}`));
  await build(FOR_THIS_MACHINE);
  const args = ["run", "--allow-all", "tests/bench/main.ts", ...Deno.args];
  const { code } = await new Deno.Command(Deno.execPath(), { args, cwd: ROOT }).spawn().status;
  return code;
});
