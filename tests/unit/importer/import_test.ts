/**
 * Configurations of other supervisors, as people have them, and the services that are made of them: each beside it in NAME.golden.
 * A change that is meant is written there by `UPDATE_GOLDEN=1 deno test -A tests/unit/importer`.
 */
import { assert, assertEquals } from "@std/assert";
import { knownCommands } from "../../../cmd/known_commands.ts";
import { checkOperand } from "../../../lib/check/operand.ts";
import { SYSTEM } from "../../../lib/check/system.ts";
import { findingLine } from "../../../lib/core/check_finding.ts";
import type { Language } from "../../../lib/core/service_files_of.ts";
import type { Imported } from "../../../lib/core/service_plan.ts";
import { type Format, formatOf, FORMATS, importFrom } from "../../../lib/importer/import.ts";
import { writeService } from "../../../lib/newservice/write.ts";
import { ROOT } from "../../fixture/toolset.ts";
import { makeTree } from "../../fixture/tree.ts";
import { importedText } from "./golden.ts";

const PLACE = `${ROOT}/tests/unit/importer/configurations`;
const SH: Language = { kind: "sh", interpreter: "/bin/sh" };
const EXECLINE: Language = { kind: "execline", interpreter: "/command/execlineb" };
const known = await knownCommands("");

function configurations(format: Format): string[] {
  const entries = [...Deno.readDirSync(`${PLACE}/${format}`)];
  const wanted = entries.filter(({ name, isFile }) => format === "runit" ? !isFile : isFile && !name.endsWith(".golden"));
  return wanted.map(({ name }) => name).sort();
}

/** What check has to say of it, in a directory for an image, where programs and users need not be. */
function faults({ services }: Imported): string[] {
  using tree = makeTree({ "rootfs/etc/services.d/": "" });
  for (const { name, files } of services) writeService(tree.path("rootfs/etc/services.d"), name, files);
  const { findings } = checkOperand("rootfs", {
    port: SYSTEM,
    known,
    path: [],
    user: { name: "root", uid: 0, gids: [0] },
    directory: tree.root,
  });
  return findings.map(findingLine);
}

/** Faults that the originals have and that are told when they are imported. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  "systemd/nginx.service": ["daemonises"],
};

for (const format of FORMATS) {
  const names = configurations(format);

  Deno.test(`import ${format}: there are ten configurations`, () => assert(names.length >= 10, names.join(" ")));

  for (const name of names) {
    const path = `${PLACE}/${format}/${name}`;
    const label = `${format}/${name}`;

    Deno.test(`import ${label}: as its golden file says`, () => {
      if (format !== "runit" || name !== "no_run") assertEquals(formatOf(path), format);
      const imported = importFrom(path, format, SH);
      const text = importedText(imported, [[PLACE, "CONFIGURATIONS"]]);
      const golden = `${PLACE}/${format}/${name}.golden`;
      if (Deno.env.get("UPDATE_GOLDEN") === "1") Deno.writeTextFileSync(golden, text);
      assertEquals(text, Deno.readTextFileSync(golden));
    });

    Deno.test(`import ${label}: check has nothing to say of the result`, () => {
      const accepted = EXPECTED[label] ?? [];
      for (const language of [SH, EXECLINE]) {
        const found = faults(importFrom(path, format, language));
        assertEquals(found.length, accepted.length, found.join("\n"));
      }
    });
  }
}
