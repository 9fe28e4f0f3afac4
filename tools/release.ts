/**
 * `deno task release [--arch x86_64|arm64|all] [--xz-level 0-9] [vVERSION | --version VERSION]`:
 * writes release/, all that is published of one version, from the commit that is checked out. That
 * must have a tag like v1.2.3, unless a version is named. docs/release.md has the files.
 *
 * `deno task release --prepare VERSION`: writes the version into deno.json and the Dockerfile, and
 * the commits since the last release into CHANGELOG.md, to be looked at and committed.
 *
 * The same commit gives the same bytes, at any time and in any directory: all times are that of the
 * commit. The steps are in tools/release/.
 */
import { build } from "./build.ts";
import { dateOf } from "./build/epoch.ts";
import { replaceDist } from "./build/replace_dist.ts";
import { run } from "./command.ts";
import { ensurePackages } from "./debian.ts";
import { Fatal, runTool } from "./fatal.ts";
import { ROOT } from "./layout.ts";
import { changelogSection, sectionOf, withSection } from "./release/changelog.ts";
import { parseReleaseOptions, type ReleaseOptions } from "./release/options.ts";
import { packRelease, writeChecksums } from "./release/pack.ts";
import { headCommit, refuseDirtyTree, subjectsSinceRelease } from "./release/repository.ts";
import { KEY_VARIABLES, MINISIGN, sign, withSigningKey } from "./release/signature.ts";
import {
  isVersion,
  labelledVersions,
  releaseVersion,
  withLabelledVersion,
  withProjectVersion,
} from "./release/version.ts";

/** The directory that is replaced as a whole. */
const RELEASE = "release";

const PACKAGES = [{ name: "git", command: "git" }, { name: "xz-utils", command: "xz" }];

const [PROJECT, DOCKERFILE, CHANGELOG] = ["deno.json", "Dockerfile", "CHANGELOG.md"].map((name) =>
  `${ROOT}/${name}`
) as [string, string, string];

function say(text: string): void {
  console.error(`release: ${text}`);
}

/** The text of a file that may be missing. */
async function textOf(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

async function prepare(version: string): Promise<void> {
  if (!isVersion(version)) throw new Fatal(`${version} is no version like 1.2.3 (semver.org)`);
  await refuseDirtyTree(ROOT);
  const { epoch } = await headCommit(ROOT);
  const section = changelogSection(version, dateOf(epoch), await subjectsSinceRelease(ROOT));
  const edit = async (path: string, change: (text: string) => string): Promise<void> =>
    Deno.writeTextFile(path, change(await textOf(path)));
  await edit(PROJECT, (text) => withProjectVersion(text, version));
  await edit(DOCKERFILE, (text) => withLabelledVersion(text, version));
  await edit(CHANGELOG, (text) => withSection(text, version, section));
  await run(Deno.execPath(), ["fmt", "--quiet", CHANGELOG], {
    cwd: ROOT,
    doing: "lay out the text",
  });
  say(`look at CHANGELOG.md, then: git commit -am "release: ${version}" && git tag v${version}`);
}

/** The changes of this version: as CHANGELOG.md tells them, or from the commits if there is no tag. */
async function notesOf(version: string, date: string, isTagged: boolean): Promise<string> {
  const section = sectionOf(await textOf(CHANGELOG), version);
  if (section !== undefined) return section;
  if (isTagged) {
    throw new Fatal(
      `CHANGELOG.md has no section ${version}: deno task release --prepare ${version}`,
    );
  }
  return changelogSection(version, date, await subjectsSinceRelease(ROOT));
}

async function reportSizes(directory: string): Promise<void> {
  const names = await Array.fromAsync(Deno.readDir(directory), ({ name }) => name);
  for (const name of names.sort()) {
    const { size } = await Deno.stat(`${directory}/${name}`);
    say(`${`${RELEASE}/${name}`.padEnd(46)} ${(size / 1e6).toFixed(1).padStart(6)} MB`);
  }
}

async function release(options: ReleaseOptions): Promise<void> {
  const { architectures, tag, version: named, xzLevel } = options;
  await refuseDirtyTree(ROOT);
  const { id, epoch, tags } = await headCommit(ROOT);
  const project: { readonly version: string } = JSON.parse(await Deno.readTextFile(PROJECT));
  const version = releaseVersion({
    tags,
    tag,
    version: named,
    project: project.version,
    labels: labelledVersions(await Deno.readTextFile(DOCKERFILE)),
  });
  const notes = await notesOf(version, dateOf(epoch), named === undefined);
  await withSigningKey((name) => Deno.env.get(name), async (key) => {
    if (key !== undefined) await ensurePackages([MINISIGN], say);
    say(`${version}, of commit ${id}`);
    await build({ architectures, epoch }, () =>
      replaceDist(ROOT, async (directory) => {
        await packRelease(directory, { version, revision: id, epoch, architectures, xzLevel }, say);
        await Deno.writeTextFile(`${directory}/CHANGES.md`, notes);
        const sums = await writeChecksums(directory);
        if (key === undefined) return;
        await sign(sums, key, `hexad ${version}`);
      }, RELEASE));
    await reportSizes(`${ROOT}/${RELEASE}`);
    if (key === undefined) {
      say(
        `nothing is signed: no key in ${KEY_VARIABLES.file} or ${KEY_VARIABLES.text} (docs/release.md)`,
      );
    }
  });
}

await runTool("release", async () => {
  const options = parseReleaseOptions(Deno.args);
  await ensurePackages(PACKAGES, say);
  await (options.prepare === undefined ? release(options) : prepare(options.prepare));
  return 0;
});
