/**
 * hexad's lint rules: each is shown a violation that it must catch and code that it must let pass.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  fileNameRule,
  fileSizeRule,
  idleImportRule,
  noBarrelRule,
} from "../../tools/lint/file_form.ts";
import { pureCoreRule, silentLibRule } from "../../tools/lint/forbidden_names.ts";
import { commandFiles, layersRule } from "../../tools/lint/layers.ts";
import { waryOpensRule } from "../../tools/lint/wary_opens.ts";

const REGISTRY =
  `export const COMMANDS = {\n  "s6-svc": () => import("./supervision/svc.ts"),\n  "s6-svok": () => import("./supervision/svok.ts"),\n};\n`;

const plugin: Deno.lint.Plugin = {
  name: "hexad",
  rules: {
    "layers": layersRule(commandFiles([["cmd/registry.ts", REGISTRY]])),
    "pure-core": pureCoreRule,
    "silent-lib": silentLibRule,
    "file-size": fileSizeRule,
    "file-name": fileNameRule,
    "no-barrel": noBarrelRule,
    "idle-import": idleImportRule,
    "wary-opens": waryOpensRule,
  },
};

/** Rule, file, source, and a part of the message. */
type Violation = readonly [rule: string, file: string, source: string, message: string];

// deno-fmt-ignore
const CAUGHT: readonly Violation[] = [
  ["layers", "lib/core/time/tain.ts", `import { open } from "../../libc/file.ts";`, "must not import lib/libc/file.ts (libc)"],
  ["layers", "lib/core/time/tain.ts", `import type { Stat } from "../../libc/stat.ts";`, "must not import lib/libc/stat.ts"],
  ["layers", "lib/core/time/tain.ts", `import { join } from "@std/path";`, "pure rooms import only pure rooms"],
  ["layers", "lib/libc/file.ts", `import { x } from "../scandir/port.ts";`, "must not import lib/scandir/port.ts (domain)"],
  ["layers", "lib/scandir/loop.ts", `import { x } from "../../cmd/context.ts";`, "must not import cmd/context.ts (cmd)"],
  ["layers", "lib/scandir/loop.ts", `import { x } from "../../tools/command.ts";`, "must not import tools/command.ts (other)"],
  ["layers", "lib/scandir/loop.ts", `import x from "node:fs";`, "only @std/* is imported from outside"],
  ["layers", "lib/scandir/loop.ts", `import x from "npm:left-pad";`, "only @std/* is imported from outside"],
  ["layers", "cmd/supervision/svwait.ts", `import { main } from "./svc.ts";`, "no file imports a command"],
  ["layers", "cmd/context.ts", `const svok = await import("./supervision/svok.ts");`, "no file imports a command"],
  ["layers", "lib/servicedir/x.ts", `import { y } from "../scandir/y.ts";`, "lib/servicedir must not import upwards from lib/scandir"],
  ["layers", "lib/logdir/core/x.ts", `import { y } from "../logdir.ts";`, "must not import lib/logdir/logdir.ts (domain)"],
  ["layers", "lib/core/text/x.ts", `import { y } from "../../logdir/core/rotation.ts";`, "lib/core/text must not import upwards from lib/logdir/core"],
  ["layers", "lib/nowhere/x.ts", `import { y } from "./y.ts";`, "stands in no room"],
  ["pure-core", "lib/logdir/core/x.ts", `export const now = (): number => Date.now();`, "no Date"],
  ["pure-core", "lib/core/text/x.ts", `export const now = (): number => Date.now();`, "no Date"],
  ["pure-core", "lib/core/text/x.ts", `Deno.readTextFileSync("x");`, "no Deno"],
  ["pure-core", "lib/core/text/x.ts", `const { stdout } = Deno;`, "no Deno"],
  ["pure-core", "lib/core/text/x.ts", `const { build } = Deno;`, "no Deno"],
  ["pure-core", "lib/core/text/x.ts", `export function f(x: Deno.FileInfo): void {}`, "no Deno"],
  ["pure-core", "lib/core/text/x.ts", `console.log(1);`, "no console"],
  ["pure-core", "lib/core/text/x.ts", `setTimeout(f, 1);`, "no setTimeout"],
  ["pure-core", "lib/core/text/x.ts", `const x = Math.random();`, "no randomness"],
  ["silent-lib", "lib/scandir/x.ts", `console.error("x");`, "lib never prints"],
  ["silent-lib", "lib/scandir/x.ts", `Deno.stdout.writeSync(x);`, "no Deno.stdout"],
  ["silent-lib", "lib/scandir/x.ts", `Deno["stderr"].writeSync(x);`, "no Deno.stderr"],
  ["silent-lib", "lib/scandir/x.ts", `Deno.exit(1);`, "only cmd/main.ts calls Deno.exit"],
  ["silent-lib", "cmd/supervision/svok.ts", `Deno.exit(1);`, "only cmd/main.ts calls Deno.exit"],
  ["silent-lib", "cmd/supervision/svok.ts", `Deno.exitCode = 1;`, "only cmd/main.ts calls Deno.exitCode"],
  ["silent-lib", "lib/scandir/x.ts", `Deno.env.get("PATH");`, "lib/libc/environ.ts does"],
  ["silent-lib", "cmd/supervision/svok.ts", `spawn(Deno.execPath());`, "lib/libc/invocation.ts does"],
  ["silent-lib", "lib/libc/x.ts", `Deno.cwd();`, "lib/libc/cwd.ts does"],
  ["file-size", "lib/scandir/x.ts", "f();\n".repeat(401), "401 lines, more than 400"],
  ["file-size", "tests/unit/x_test.ts", "f();\n".repeat(601), "601 lines, more than 600"],
  ["file-name", "lib/scandir/utils.ts", `f();`, "says nothing"],
  ["file-name", "tools/index.ts", `f();`, "says nothing"],
  ["file-name", "lib/scandir/scanLoop.ts", `f();`, "not in snake_case"],
  ["no-barrel", "lib/scandir/x.ts", `export * from "./y.ts";`, "no re-export"],
  ["no-barrel", "lib/scandir/x.ts", `export { y } from "./y.ts";`, "no re-export"],
  ["idle-import", "lib/libc/x.ts", `const libc = Deno.dlopen("libc.so.6", {});`, "no dlopen at the top level"],
  ["wary-opens", "lib/logdir/x.ts", `open(path, O_WRONLY | O_APPEND | O_CREAT, 0o666);`, "openFile()"],
  ["wary-opens", "lib/servicedir/x.ts", "tryOpen(`${dir}/lock`, O_RDONLY | O_NONBLOCK);", "openFile()"],
  ["wary-opens", "lib/overlay/x.ts", `openAt(dirFd, "exitcode", O_WRONLY | O_NOFOLLOW);`, "openFile()"],
  ["wary-opens", "lib/supervise/x.ts", `const text = Deno.readTextFileSync("run");`, "no Deno.readTextFileSync"],
  ["idle-import", "lib/scandir/x.ts", `await f();`, "no await at the top level"],
];

// deno-fmt-ignore
const ALLOWED: readonly (readonly [file: string, source: string])[] = [
  ["lib/core/cli/x.ts", `import { x } from "../text/printable.ts";`],
  ["lib/libc/file.ts", `import { x } from "../core/linux/errno.ts"; import { y } from "./bind.ts";`],
  ["lib/scandir/loop.ts", `import { x } from "../servicedir/client.ts"; import { y } from "../libc/file.ts"; import { join } from "@std/path";`],
  ["cmd/supervision/svok.ts", `import { Failure } from "./context.ts"; import { x } from "../lib/servicedir/client.ts";`],
  ["cmd/registry.ts", REGISTRY],
  ["cmd/version_number.ts", `import project from "../deno.json" with { type: "json" };`],
  ["cmd/main.ts", `const code = await f(); Deno.exit(code);`],
  ["cmd/messages.ts", `Deno.stderr.writeSync(x);`],
  ["lib/core/text/x.ts", `export interface Name { readonly Date: string; readonly console: number } export const f = (x: Name): number => x.console;`],
  ["lib/core/linux/x.ts", `export const big = Deno.build.arch === "x86_64";`],
  ["lib/core/text/x.ts", "f();\n".repeat(400)],
  ["lib/libc/x.ts", `export function open(): unknown { return Deno.dlopen("libc.so.6", {}); } export async function f(): Promise<void> { await g(); }`],
  ["lib/logdir/x.ts", `open(".", O_PATH | O_DIRECTORY); open("/dev/null", O_RDONLY); openAt(fd, "x", O_WRONLY | O_CREAT | O_EXCL, 0o600);`],
  ["lib/check/x.ts", "tryOpen(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW); tryOpen(`/proc/${pid}/fd`, O_RDONLY);"],
  ["lib/files/x.ts", `open(path, O_RDONLY);`],
  ["tools/std/path.ts", `export * from "deno-std/path/mod.js";`],
  ["tests/unit/x_test.ts", `import { x } from "../../cmd/supervision/svok.ts"; console.log(x); Deno.exit(1);`],
];

for (const [rule, file, source, message] of CAUGHT) {
  Deno.test(`lint: hexad/${rule} catches ${JSON.stringify(source.slice(0, 70))} in ${file}`, () => {
    const found = Deno.lint.runPlugin(plugin, file, source).filter(({ id }) =>
      id === `hexad/${rule}`
    );
    assertEquals(found.length > 0, true);
    assertStringIncludes(found[0]!.message, message);
  });
}

for (const [file, source] of ALLOWED) {
  Deno.test(`lint: no complaint about ${JSON.stringify(source.slice(0, 70))} in ${file}`, () => {
    assertEquals(Deno.lint.runPlugin(plugin, file, source), []);
  });
}
