/** The schema and the reference of services.yaml are those of its table. */
import { assertEquals } from "@std/assert";
import { BEGIN, referenceText } from "../../tools/services_reference.ts";
import { servicesSchema } from "../../lib/onefile/core/value_schema.ts";

/** Without the blanks that align a table. */
function plain(text: string): string {
  return text.replace(/ +\|/g, " |").replace(/\| +/g, "| ").replace(/-{3,}/g, "---").trim();
}

async function document(name: string): Promise<string> {
  return await Deno.readTextFile(new URL(`../../docs/${name}`, import.meta.url));
}

Deno.test("docs/services-yaml.md: its reference is that of the table", async () => {
  const page = await document("services-yaml.md");
  assertEquals(plain(page.split(BEGIN)[1]!), plain(referenceText()));
});

Deno.test("docs/services.schema.json is that of the table", async () => {
  assertEquals(JSON.parse(await document("services.schema.json")), servicesSchema());
});
