/**
 * The configurations of tests/unit/importer as one services.yaml each, with the notes that this form
 * adds. A change that is meant is written to the goldens by `UPDATE_GOLDEN=1 deno test -A
 * tests/unit/convert`.
 */
import { assertEquals } from "@std/assert";
import { draftsOf, faultsOf } from "../../../lib/convert/as_services.ts";
import { anyFormatOf, importAny } from "../../../lib/convert/convert.ts";
import { shownFiles } from "../../../lib/importer/core/shown_files.ts";
import { servicesText } from "../../../lib/convert/services_text.ts";
import { Refusal } from "../../../lib/grammars/core/refusal.ts";
import { type Format, FORMATS, importFrom } from "../../../lib/importer/import.ts";
import type { Imported } from "../../../lib/importer/core/service_plan.ts";
import { ROOT } from "../../fixture/toolset.ts";

const PLACE = `${ROOT}/tests/unit/importer/configurations`;
const GOLDENS = `${ROOT}/tests/unit/convert/goldens`;
const EXECLINE = { kind: "execline", interpreter: "/command/execlineb" } as const;

const OWN = `${ROOT}/tests/unit/convert/configurations`;

function assertGolden(name: string, text: string): void {
  const golden = `${GOLDENS}/${name}.golden`;
  if (Deno.env.get("UPDATE_GOLDEN") === "1") Deno.writeTextFileSync(golden, text);
  assertEquals(text, Deno.readTextFileSync(golden));
}

/** Compose and process-compose can't be run here: what is expected is what their documents say. */
for (const name of ["shop.compose.yaml", "everything.process-compose.yaml"]) {
  for (const isYaml of [true, false]) {
    Deno.test(`${name} as ${isYaml ? "services.yaml" : "directories"}: as its golden file says`, () => {
      const path = `${OWN}/${name}`;
      const format = anyFormatOf(path);
      assertEquals(format, name.split(".")[1] as typeof format);
      const environment = new Map([["USER", "me"]]);
      const { services, drafts = [], notes } = importAny(path, format!, {
        ...EXECLINE,
        logForm: "logscript",
        environment,
        isYaml,
      });
      const told = [...notes, ...(isYaml ? faultsOf(drafts, EXECLINE) : [])].map((
        { line, kind, text },
      ) => `# ${line}: ${kind}: ${text}\n`);
      const made = isYaml ? servicesText(drafts) : shownFiles(services);
      const text = `${made}${told.join("")}`.replaceAll(OWN, "/CONFIGURATIONS");
      assertGolden(`${name}-${isYaml ? "yaml" : "directories"}`, text);
    });
  }
}

function configurations(format: Format): string[] {
  return [...Deno.readDirSync(`${PLACE}/${format}`)]
    .filter(({ name, isFile }) =>
      format === "runit" ? !isFile : isFile && !name.endsWith(".golden")
    )
    .map(({ name }) => name).sort();
}

/** Undefined if its origin refuses it too. */
function imported(path: string, format: Format): Imported | undefined {
  try {
    return importFrom(path, format, EXECLINE);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

for (const format of FORMATS) {
  for (const name of configurations(format)) {
    const found = imported(`${PLACE}/${format}/${name}`, format);
    if (found === undefined || found.services.length === 0) continue;
    Deno.test(`services.yaml of ${format}/${name}: as its golden file says`, () => {
      const { drafts, notes } = draftsOf(found.services);
      const told = [...notes, ...faultsOf(drafts, EXECLINE)].map(({ kind, text }) =>
        `# ${kind}: ${text}\n`
      );
      const text = `${servicesText(drafts)}${told.join("")}`.replaceAll(PLACE, "/CONFIGURATIONS");
      assertGolden(`${format}-${name.replaceAll("@", "-")}`, text);
    });
  }
}
