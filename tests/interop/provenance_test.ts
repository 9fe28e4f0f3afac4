/** What a build tells of the parts that it is made of, and what it may give away with them. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Validator } from "@cfworker/json-schema";
import { NAMES } from "../../tools/build/architecture.ts";
import { appendedForm } from "../../tools/build/appended_program.ts";
import { compile } from "../../tools/build/compile.ts";
import { Elf } from "../../tools/build/elf.ts";
import { patchLoader } from "../../tools/build/private_libc.ts";
import { usedPackages } from "../../tools/build/provenance.ts";
import { run as runTool } from "../../tools/command.ts";
import { DIST, DIST_FILES, PRIVATE_LIB } from "../../tools/layout.ts";
import { run } from "../fixture/command.ts";
import { OURS } from "../fixture/toolset.ts";
import { makeTree } from "../fixture/tree.ts";

const bom = JSON.parse(await Deno.readTextFile(`${DIST}/${DIST_FILES.bom}`));

Deno.test("hexad --version --json names the base, the libraries and the packages in it", async () => {
  const { code, stdout } = await run(OURS.bin("hexad"), ["--version", "--json"]);
  const { name, version, base, libraries, packages } = JSON.parse(stdout);
  const stamp = JSON.parse(await Deno.readTextFile(`${DIST}/${DIST_FILES.stamp}`));
  assertEquals([code, name, base.name, base.version], [
    0,
    "hexad",
    "denort",
    stamp.bases.x86_64.version,
  ]);
  assert(/^[0-9a-f]{64}$/.test(base.sha256), base.sha256);
  assertStringIncludes(base.source, stamp.bases.x86_64.origin);
  const told = [base, ...libraries, ...packages].map((part) => `${part.name}@${part.version}`);
  assertEquals(
    bom.components.map((each: { name: string; version: string }) => `${each.name}@${each.version}`)
      .sort(),
    told.sort(),
  );
  assertEquals(bom.metadata.component.version, version);
});

Deno.test("the bill of materials is what CycloneDX's schema asks for", async () => {
  const library = (await usedPackages("tools/build.ts")).find(({ part }) =>
    part.name === "@cyclonedx/cyclonedx-library"
  )!;
  const schema = async (name: string): Promise<Record<string, unknown>> =>
    JSON.parse(
      await Deno.readTextFile(`${library.directory}/res/schema/${name}.SNAPSHOT.schema.json`),
    );
  const validator = new Validator(await schema("bom-1.6"), "7", false);
  for (const name of ["spdx", "jsf-0.82", "cryptography-defs"]) {
    // the schema names them by their files, they call themselves otherwise
    validator.addSchema(
      await schema(name),
      `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`,
    );
  }
  assertEquals(validator.validate(bom).errors, []);
  assertEquals(validator.validate({ ...bom, components: [{ name: "no type" }] }).valid, false);
});

Deno.test("both tarballs have the bill of materials and a licence's text for each part of it", async () => {
  for (
    const [tarball, root] of [[DIST_FILES.tarball, ""], [
      DIST_FILES.overlayTarball,
      "usr/",
    ]] as const
  ) {
    const list = (await runTool("tar", ["--list", "--file", `${DIST}/${tarball}`])).split("\n");
    const docs = `${root}share/doc/hexad`;
    const names = new Set<string>(
      bom.components.map(({ name }: { name: string }) => name.split(" ")[0])
        .map((name: string) => name === "denort" ? "deno" : name),
    );
    for (const name of ["v8", ...names]) assert(list.includes(`${docs}/licences/${name}`), name);
    assert(list.includes(`${docs}/LICENSE`));
    assert(list.includes(`${docs}/${DIST_FILES.bom}`));
  }
});

Deno.test("the program is appended to its base, and its loader is the private one", async () => {
  const bytes = await Deno.readFile(`${DIST}/${DIST_FILES.program}`);
  appendedForm(bytes);
  const interpreter = await runTool("patchelf", [
    "--print-interpreter",
    `${DIST}/${DIST_FILES.program}`,
  ]);
  assertStringIncludes(interpreter, `${PRIVATE_LIB}/ld-linux`);
});

// A base of Deno 2.9 can't be had from npm. The CLI is an ELF file of the same kind.
Deno.test("a base whose loader was changed still takes the program in the form of Deno 2.9", async () => {
  using tree = makeTree({ "bundle/main.js": "console.log(1);\n" });
  const base = tree.path("base");
  await patchLoader(Deno.execPath(), base);
  const output = tree.path("program");
  await compile({
    cli: Deno.execPath(),
    base,
    bundle: tree.path("bundle"),
    output,
    target: NAMES.x86_64.target,
  });
  const bytes = await Deno.readFile(output);
  assertEquals(appendedForm(bytes), "note");
  assertEquals(new Elf(bytes).machine, new Elf(await Deno.readFile(base)).machine);
  const interpreter = await runTool("patchelf", ["--print-interpreter", output]);
  assertStringIncludes(interpreter, PRIVATE_LIB);
});
