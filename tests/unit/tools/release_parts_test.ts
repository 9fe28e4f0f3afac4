/** What a release is called, what its changes are, and what it is asked for. */
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { ARCHITECTURES } from "../../../tools/build/architecture.ts";
import { Fatal } from "../../../tools/fatal.ts";
import { changelogSection, sectionOf, withSection } from "../../../tools/release/changelog.ts";
import { parseReleaseOptions } from "../../../tools/release/options.ts";
import {
  isVersion,
  labelledVersions,
  releaseVersion,
  type VersionFacts,
  versionOfTag,
  withLabelledVersion,
  withProjectVersion,
} from "../../../tools/release/version.ts";

Deno.test("release: versions are those of semver.org, and tags have a v before", () => {
  for (const good of ["0.1.0", "1.2.3-rc.1", "10.0.0+build.5", "1.0.0-0a"]) {
    assertEquals([isVersion(good), versionOfTag(`v${good}`)], [true, good]);
  }
  for (
    const bad of ["1", "1.2", "01.2.3", "1.2.3-", "1.2.3-01", "v1.2.3", "1.2.3 ", "", "latest"]
  ) {
    assertEquals([isVersion(bad), versionOfTag(`v${bad}`)], [false, undefined], bad);
  }
  assertEquals(versionOfTag("1.2.3"), undefined);
});

const FACTS: VersionFacts = {
  tags: ["v1.2.3"],
  tag: undefined,
  version: undefined,
  project: "1.2.3",
  labels: ["1.2.3", "1.2.3"],
};

Deno.test("release: the version is that of the tag, of the named tag, or the one that is named", () => {
  assertEquals(releaseVersion(FACTS), "1.2.3");
  assertEquals(releaseVersion({ ...FACTS, tags: ["tested", "v1.2.2", "v1.2.3"] }), "1.2.3");
  assertEquals(releaseVersion({ ...FACTS, tag: "v1.2.3" }), "1.2.3");
  assertEquals(releaseVersion({ ...FACTS, tags: [], version: "1.2.3" }), "1.2.3");
});

Deno.test("release: without a version that all agree on there is none", () => {
  const refusals: readonly [Partial<VersionFacts>, string][] = [
    [{ tags: [] }, "this commit has no tag like v1.2.3"],
    [{ tags: ["nightly"] }, "this commit has no tag like v1.2.3"],
    [{ tags: ["v1.2.4"] }, "deno.json has version 1.2.3, not 1.2.4"],
    [{ tag: "v9.9.9" }, "does not have the tag v9.9.9"],
    [{ tag: "1.2.3", tags: ["1.2.3"] }, "1.2.3 is no tag like v1.2.3"],
    [{ version: "1.2" }, "1.2 is no version"],
    [{ version: "2.0.0" }, "deno.json has version 1.2.3, not 2.0.0"],
    [{ labels: ["1.2.3", "1.2.2"] }, "the Dockerfile has version 1.2.2, not 1.2.3"],
  ];
  for (const [facts, message] of refusals) {
    assertThrows(() => releaseVersion({ ...FACTS, ...facts }), Fatal, message);
  }
});

Deno.test("release: a version is written into deno.json and the Dockerfile, and nowhere else", () => {
  const project =
    '{\n  "name": "x",\n  "version": "0.1.0",\n  "imports": { "version": "0.1.0" }\n}\n';
  assertEquals(withProjectVersion(project, "1.0.0"), project.replace("0.1.0", "1.0.0"));
  const label = 'LABEL a="0.1.0" \\\n      org.opencontainers.image.version="0.1.0"\n';
  const changed = withLabelledVersion(label + label, "1.0.0-$1");
  assertEquals(labelledVersions(changed), ["1.0.0-$1", "1.0.0-$1"]);
  assertStringIncludes(changed, 'a="0.1.0"');
});

Deno.test("release: its arguments", () => {
  assertEquals(parseReleaseOptions([]), {
    architectures: ARCHITECTURES,
    tag: undefined,
    version: undefined,
    prepare: undefined,
    xzLevel: 9,
  });
  const { architectures, tag, xzLevel } = parseReleaseOptions([
    "--arch=arm64",
    "--xz-level",
    "0",
    "v1.2.3",
  ]);
  assertEquals([architectures, tag, xzLevel], [["aarch64"], "v1.2.3", 0]);
  const refusals: readonly [string[], string][] = [
    [["--sign"], "unknown argument: --sign"],
    [["-v"], "unknown argument: -v"],
    [["--version"], "--version needs a value"],
    [["--version="], "--version needs a value"],
    [["v1.2.3", "v1.2.4"], "there are two of tag"],
    [["v1.2.3", "--version", "1.2.3"], "exclude each other"],
    [["--prepare", "1.2.3", "--arch", "all"], "nothing goes with it"],
    [["--xz-level", "10"], "--xz-level is 0 to 9, not 10"],
    [["--arch", "riscv64"], "unknown architecture: riscv64"],
  ];
  for (const [args, message] of refusals) {
    assertThrows(() => parseReleaseOptions(args), Fatal, message);
  }
});

const SUBJECTS = [
  "release: 1.2.3",
  "s6-log: a *star* and an under_score are <shown>; `a_b` is left alone",
  "tests: a thing",
  "supervise, fault: restarts at once",
  "tests, unit: another",
  "arm64: built",
  "a sentence without a room",
  "quux: something new",
  "supervise, fault: restarts at once",
];

Deno.test("changelog: commits are grouped by what they mean to a user; those to tests are counted, those of a release left out", () => {
  assertEquals(
    changelogSection("1.2.3", "2026-12-01", SUBJECTS),
    `## 1.2.3 (2026-12-01)

### Supervision

- **supervise, fault**: restarts at once

### Logging

- **s6-log**: a \\*star\\* and an under\\_score are \\<shown\\>; \`a_b\` is left alone

### Other changes

- a sentence without a room
- **quux**: something new

3 commits to tests and comments.
`,
  );
});

Deno.test("changelog: a new section comes first, and takes the place of one of the same version", () => {
  const first = withSection("", "1.0.0", "## 1.0.0 (2026-01-01)\n\n- old\n");
  const second = withSection(first, "1.1.0", "## 1.1.0 (2026-02-01)\n\n- draft\n");
  const third = withSection(second, "1.1.0", "## 1.1.0 (2026-02-02)\n\n- new\n");
  assertEquals(third.match(/^## .*$/gm), ["## 1.1.0 (2026-02-02)", "## 1.0.0 (2026-01-01)"]);
  assertEquals(sectionOf(third, "1.1.0"), "## 1.1.0 (2026-02-02)\n\n- new\n\n");
  assertEquals(sectionOf(third, "1.0.0"), "## 1.0.0 (2026-01-01)\n\n- old\n");
  assertEquals([sectionOf(third, "1.0"), sectionOf("", "1.0.0")], [undefined, undefined]);
});
