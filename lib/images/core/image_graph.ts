/**
 * The images of a repository of Dockerfiles, and which of them is built on which.
 *
 * The directory `A/B` is the context of the image `A`; its tags are those of the line `# TAGS`, or
 * `B`. What a Dockerfile needs is another context if it names one of that one's tags, in the
 * namespace of the images. Pure.
 */
import { editDistance, meantWords } from "../../core/text/edit_distance.ts";
import { type BuildSettings, type ImageUse, readDockerfile } from "./dockerfile.ts";
import { cyclesIn } from "./image_cycles.ts";
import { isName, isSameNamespace, isTag, type Namespace } from "./image_reference.ts";
import { namespaceOf, parseReference, prefixOf } from "./image_reference.ts";

/** One context. */
export interface ContextImage {
  /** `A/B`. */
  readonly context: string;
  /** `A`. */
  readonly name: string;
  readonly tags: readonly string[];
  readonly uses: readonly ImageUse[];
  /** The contexts that it is built on, without repetition. */
  readonly bases: readonly string[];
}

export interface ImageFinding {
  /** Of an error: nothing is done with these images. */
  readonly severity: "error" | "warning";
  /** Those that have it. */
  readonly contexts: readonly string[];
  /** From 1; undefined if it is about no line. */
  readonly line?: number;
  readonly text: string;
}

export interface ImageGraph {
  /** By context, in the order of the names. */
  readonly images: ReadonlyMap<string, ContextImage>;
  readonly findings: readonly ImageFinding[];
  /** Where FROM lines find these images. */
  readonly namespaces: readonly Namespace[];
  /** What the images are called by: the first of these if nothing else was asked for. */
  readonly home: Namespace;
}

/** What was asked for; a part that is undefined is what the Dockerfiles say. */
export interface AskedNamespace {
  readonly registry: string | undefined;
  readonly organization: string | undefined;
}

const MOST_SUGGESTED = 3;

/** @param dockerfiles The texts, by context */
export function imageGraph(
  dockerfiles: ReadonlyMap<string, string>,
  settings: BuildSettings,
  asked: AskedNamespace,
): ImageGraph {
  const findings: ImageFinding[] = [];
  const read = [...dockerfiles].sort(([a], [b]) => a < b ? -1 : 1).map(([context, text]) =>
    readContext(context, text, settings, findings)
  );
  findings.push(...sharedTags(read));
  const { home, namespaces } = namespacesOf(read, asked, findings);
  const resolver = new UseResolver(read, namespaces, findings);
  const images = new Map(
    read.map((image): [string, ContextImage] => {
      const bases = image.uses.flatMap((use) => resolver.contextOf(image.context, use) ?? []);
      return [image.context, { ...image, bases: [...new Set(bases)] }];
    }),
  );
  for (const cycle of cyclesIn(images)) {
    findings.push({
      severity: "error",
      contexts: cycle,
      text: `these are built on each other: ${[...cycle, cycle[0]!].join(" -> ")}`,
    });
  }
  return { images, findings, namespaces, home };
}

type ReadContext = Omit<ContextImage, "bases">;

function readContext(
  context: string,
  text: string,
  settings: BuildSettings,
  findings: ImageFinding[],
): ReadContext {
  const { tags, uses, problems } = readDockerfile(text, settings);
  const [name = "", usualTag = ""] = context.split("/");
  for (const { severity, line, text } of problems) {
    findings.push({ severity, contexts: [context], line, text });
  }
  const fail = (text: string): void => {
    findings.push({ severity: "error", contexts: [context], text });
  };
  if (!isName(name)) fail(`${name} can't be the name of an image: it has other letters than a-z`);
  if (tags?.length === 0) fail("the line # TAGS has no tags");
  for (const tag of tags ?? [usualTag]) {
    const cure = tags === undefined ? "; a first line # TAGS names others" : "";
    if (!isTag(tag)) fail(`${tag} can't be a tag${cure}`);
  }
  return { context, name, tags: tags ?? [usualTag], uses };
}

/** Two contexts that declare one tag would overwrite each other's image. */
function sharedTags(images: readonly ReadContext[]): ImageFinding[] {
  const owners = new Map<string, string[]>();
  for (const { context, name, tags } of images) {
    for (const tag of tags) {
      const key = `${name}:${tag}`;
      owners.set(key, [...owners.get(key) ?? [], context]);
    }
  }
  return [...owners].filter(([, contexts]) => contexts.length > 1).map(([key, contexts]) => ({
    severity: "error",
    contexts,
    text: `${contexts.join(" and ")} both declare ${key}`,
  }));
}

/**
 * If it was not said what the images are called, the Dockerfiles tell: the one organization in which
 * FROM lines look for images that are here. Names without any are others' as long as there is such
 * an organization: `debian:stretch` is not the image that is made of it.
 */
function namespacesOf(
  images: readonly ReadContext[],
  { registry, organization }: AskedNamespace,
  findings: ImageFinding[],
): { readonly home: Namespace; readonly namespaces: readonly Namespace[] } {
  const declared = new Set(images.flatMap(({ name, tags }) => tags.map((tag) => `${name}:${tag}`)));
  const seen: Namespace[] = [];
  for (const { text } of images.flatMap(({ uses }) => uses)) {
    const reference = parseReference(text)!;
    const { namespace, name } = namespaceOf(reference);
    const isMeant = prefixOf(namespace) !== "" && declared.has(`${name}:${reference.tag}`);
    if (isMeant && !seen.some((each) => isSameNamespace(each, namespace))) seen.push(namespace);
  }
  const asked = seen.filter((each) =>
    (registry ?? each.registry) === each.registry &&
    (organization ?? each.organization) === each.organization
  );
  const candidates = asked.length > 0 ? asked : seen;
  const [written] = candidates.length === 1 ? candidates : [];
  const home = {
    registry: registry ??
      (organization === undefined || organization === written?.organization
        ? written?.registry ?? ""
        : ""),
    organization: organization ?? written?.organization ?? "",
  };
  if (candidates.length > 1) {
    findings.push({
      severity: "error",
      contexts: images.map(({ context }) => context),
      text: `FROM lines look for these images in ${
        candidates.map((each) => prefixOf(each).slice(0, -1)).join(" and ")
      }: --registry and --organization say which it is`,
    });
  }
  const isElsewhere = written !== undefined && !isSameNamespace(home, written);
  return { home, namespaces: isElsewhere ? [home, written] : [home] };
}

/** Finds the context that a use means, and tells of tags that nobody declares. */
class UseResolver {
  readonly #contexts = new Map<string, string>();
  readonly #tags = new Map<string, string[]>();
  readonly #namespaces: readonly Namespace[];
  readonly #findings: ImageFinding[];

  constructor(
    images: readonly ReadContext[],
    namespaces: readonly Namespace[],
    findings: ImageFinding[],
  ) {
    for (const { context, name, tags } of images) {
      for (const tag of tags) this.#contexts.set(`${name}:${tag}`, context);
      this.#tags.set(name, [...this.#tags.get(name) ?? [], ...tags]);
    }
    this.#namespaces = namespaces;
    this.#findings = findings;
  }

  /** Undefined for an image of others. */
  contextOf(user: string, { text, line, by }: ImageUse): string | undefined {
    const { tag, digest, ...reference } = parseReference(text)!;
    // a digest is one image for ever, whatever is built here
    if (digest !== undefined) return undefined;
    const { namespace, name } = namespaceOf({ ...reference, tag });
    if (!this.#namespaces.some((each) => isSameNamespace(each, namespace))) return undefined;
    const context = this.#contexts.get(`${name}:${tag}`);
    if (context !== undefined) return context;
    const cause = this.#undeclared(name, tag, prefixOf(namespace) !== "");
    if (cause !== undefined) {
      const finding = { severity: "warning", contexts: [user], line } as const;
      this.#findings.push({ ...finding, text: `${by} ${text}: ${cause}` });
    }
    return undefined;
  }

  #undeclared(name: string, tag: string, isOurs: boolean): string | undefined {
    const tags = this.#tags.get(name);
    if (tags !== undefined) {
      const nearest = nearestWords(tag, tags).map((each) => `${name}:${each}`);
      return `no image here has this tag; did you mean ${nearest.join(" or ")}?`;
    }
    // without an organization, all images of Docker Hub would be ours
    if (!isOurs) return undefined;
    const meant = meantWords(name, [...this.#tags.keys()], MOST_SUGGESTED);
    const hint = meant.length === 0 ? "" : `; did you mean ${meant.join(" or ")}?`;
    return `no image here is called ${name}${hint}`;
  }
}

/** Those that were probably meant; else the one that is least unlike. */
function nearestWords(word: string, candidates: readonly string[]): readonly string[] {
  const meant = meantWords(word, candidates, MOST_SUGGESTED);
  if (meant.length > 0) return meant;
  const distances = candidates.map((candidate) => editDistance(word, candidate));
  return [candidates[distances.indexOf(Math.min(...distances))]!];
}
