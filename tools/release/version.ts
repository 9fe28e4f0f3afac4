/** The version of a release: what its tag, deno.json and the Dockerfile say must agree. Pure. */
import { Fatal } from "../fatal.ts";

/** Source: semver.org, version 2.0.0. */
const SEMVER =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?$/;

export function isVersion(text: string): boolean {
  return SEMVER.test(text);
}

/** The version in a tag like `v1.2.3`; undefined if it is none of a release. */
export function versionOfTag(tag: string): string | undefined {
  const version = tag.startsWith("v") ? tag.slice(1) : "";
  return isVersion(version) ? version : undefined;
}

/** What is asked for, and what the tree says. */
export interface VersionFacts {
  /** The tags of the commit that is checked out. */
  readonly tags: readonly string[];
  /** The tag that was named, if one was. */
  readonly tag: string | undefined;
  /** The version that was named instead of a tag. */
  readonly version: string | undefined;
  /** That of deno.json, which is in the program. */
  readonly project: string;
  /** Those of the labels in the Dockerfile. */
  readonly labels: readonly string[];
}

function askedVersion({ tags, tag, version, project }: VersionFacts): string {
  if (version !== undefined) {
    if (!isVersion(version)) throw new Fatal(`${version} is no version like 1.2.3 (semver.org)`);
    return version;
  }
  const ofReleases = tags.filter((each) => versionOfTag(each) !== undefined);
  if (tag !== undefined) {
    const named = versionOfTag(tag);
    if (named === undefined) throw new Fatal(`${tag} is no tag like v1.2.3 (semver.org)`);
    if (!tags.includes(tag)) {
      throw new Fatal(`the commit that is checked out does not have the tag ${tag}`);
    }
    return named;
  }
  const [first] = ofReleases;
  if (first === undefined) {
    throw new Fatal(
      `this commit has no tag like v${project}: make one (docs/release.md), or say --version ${project}`,
    );
  }
  return versionOfTag(ofReleases.find((each) => each === `v${project}`) ?? first)!;
}

/** @throws {Fatal} If there is no version, or not all agree. */
export function releaseVersion(facts: VersionFacts): string {
  const version = askedVersion(facts);
  const { project, labels } = facts;
  if (project !== version) {
    throw new Fatal(`deno.json has version ${project}, not ${version}`);
  }
  const wrong = labels.find((label) => label !== version);
  if (wrong !== undefined) throw new Fatal(`the Dockerfile has version ${wrong}, not ${version}`);
  return version;
}

const LABEL = /(org\.opencontainers\.image\.version=")([^"]*)(")/g;

/** The versions in the labels of a Dockerfile. */
export function labelledVersions(dockerfile: string): string[] {
  return Array.from(dockerfile.matchAll(LABEL), ([, , version]) => version!);
}

export function withLabelledVersion(dockerfile: string, version: string): string {
  return dockerfile.replace(LABEL, (_, before, _old, after) => before + version + after);
}

/** The text of deno.json with another version. */
export function withProjectVersion(project: string, version: string): string {
  return project.replace(/^( {2}"version": ")[^"]*/m, (_, before) => before + version);
}
