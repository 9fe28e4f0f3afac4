/**
 * `deno task soak`: builds, installs what it needs, and runs tests/soak/main.ts with the arguments
 * given.
 */
import { build, FOR_THIS_MACHINE } from "./build.ts";
import { ensurePackages } from "./debian.ts";
import { runTool } from "./fatal.ts";
import { ROOT } from "./layout.ts";

await runTool("soak", async () => {
  await ensurePackages(
    [{ name: "perl-base", command: "perl" }],
    (text) => console.error(`soak: ${text}`),
  );
  await build(FOR_THIS_MACHINE);
  const args = ["run", "--allow-all", "tests/soak/main.ts", ...Deno.args];
  const { code } = await new Deno.Command(Deno.execPath(), { args, cwd: ROOT }).spawn().status;
  return code;
});
