/**
 * Garbage in the small files of a service directory: the service is up all the same, is restarted
 * and stopped all the same, and a warning names the file. s6-svscan is an ordinary user here, so
 * that a file without read permission is one.
 */
import { isAlive } from "../fixture/processes.ts";
import type { Tree, TreeSpec } from "../fixture/tree.ts";
import { Patient, SLEEP } from "./patient.ts";

const FILES = [
  "notification-fd",
  "lock-fd",
  "timeout-kill",
  "timeout-finish",
  "max-death-tally",
  "down-signal",
  "reload-signal",
] as const;
type NumbersFile = typeof FILES[number];

/**
 * What stands in the file; `|`, `/` and `=` are a FIFO, a directory and a link, as in the fixtures.
 */
const CONTENTS: Readonly<Record<string, string>> = {
  empty: "",
  newline: "\n",
  huge: "99999999999999999999999\n",
  "out-of-range": "4294967295\n",
  negative: "-1\n",
  fraction: "1.5\n",
  text: "many\n",
  "leading-blank": "  7 and more\n",
  hexadecimal: "0x10\n",
  long: "7".repeat(100_000),
};

/** A name for the service, and its file as a fixture. */
function cases(file: NumbersFile): { readonly names: readonly string[]; readonly spec: TreeSpec } {
  const spec: Record<string, string> = {};
  for (const [name, content] of Object.entries(CONTENTS)) spec[`${name}/${file}`] = content;
  spec[`fifo/${file}|`] = "";
  spec[`directory/${file}/`] = "";
  spec[`dangling/${file}=`] = "nowhere";
  spec[`loop/${file}=`] = file;
  spec[`binary/${file}`] = "";
  spec[`unreadable/${file}`] = "5\n";
  const names = [...new Set(Object.keys(spec).map((path) => path.slice(0, path.indexOf("/"))))];
  for (const name of names) {
    spec[`${name}/run!`] = SLEEP;
    spec[`${name}/finish!`] = "#!/bin/sh\nexit 0\n";
  }
  return { names, spec };
}

function spoil(tree: Tree, file: NumbersFile): void {
  Deno.writeFileSync(
    tree.path("binary", file),
    Uint8Array.from({ length: 300 }, (_, at) => (at * 151) % 256),
  );
  Deno.chmodSync(tree.path("unreadable", file), 0o000);
}

/** Those of which no reading could make something valid for any of the files. */
const NEVER_VALID = ["text", "negative", "binary", "directory", "loop", "unreadable"];

for (const file of FILES) {
  Deno.test(`garbage in ${file}: every service starts, restarts, reloads, stops and starts, with a warning that names the file`, async () => {
    const { names, spec } = cases(file);
    await using patient = await Patient.admit(spec, {
      ordinaryUser: true,
      healthy: names,
      prepare: (tree) => spoil(tree, file),
    });
    const before = names.map((name) => patient.status(name).pid);
    await patient.command("l", ...names); // the reload-signal ends a sleep: it is restarted
    await patient.command("r", ...names);
    const deaf = names.filter((_, index) => isAlive(before[index]!));
    if (deaf.length > 0) await patient.command("k", ...deaf);
    await patient.up(...names);
    await patient.command("d", ...names);
    // what an out-of-range signal or timeout did not end, this does
    await patient.command("k", ...names);
    await patient.down(...names);
    await patient.command("u", ...names);
    await patient.recovered();
    for (const name of NEVER_VALID) {
      await patient.says(new RegExp(`^s6-supervise ${name}: warning: .*${file}`, "m"));
    }
  });
}
