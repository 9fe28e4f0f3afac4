/**
 * Names of images: `[REGISTRY/][ORGANIZATION/]NAME[:TAG][@DIGEST]`.
 *
 * The first component is a registry if it has a dot or a port, or is `localhost`. Docker Hub has
 * several names, and is no registry at all here; its `library/debian` is `debian`. Source:
 * distribution/reference (reference.go, normalize.go). Pure.
 */

export interface ImageReference {
  /** "" for Docker Hub. */
  readonly registry: string;
  /** With its organization. */
  readonly path: string;
  readonly tag: string;
  readonly digest?: string;
}

const HUB = ["docker.io", "index.docker.io", "registry-1.docker.io"];
const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:]+\])(?::[0-9]+)?$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const DIGEST = /^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[0-9a-fA-F]{32,}$/;

/** Undefined if the text is no name of an image. */
export function parseReference(text: string): ImageReference | undefined {
  const [name = "", digest, ...more] = text.split("@");
  if (more.length > 0 || (digest !== undefined && !DIGEST.test(digest))) return undefined;
  const slash = name.lastIndexOf("/");
  const colon = name.indexOf(":", slash + 1);
  const tag = colon < 0 ? "latest" : name.slice(colon + 1);
  const [first = "", ...rest] = (colon < 0 ? name : name.slice(0, colon)).split("/");
  const hasRegistry = rest.length > 0 &&
    (/[.:]/.test(first) || first === "localhost" || first !== first.toLowerCase());
  const registry = hasRegistry ? canonicalRegistry(first) : "";
  const components = hasRegistry ? rest : [first, ...rest];
  if (!isTag(tag) || !components.every(isName) || (registry !== "" && !isRegistry(registry))) {
    return undefined;
  }
  const path = components.join("/");
  return {
    registry,
    path: registry === "" ? path.replace(/^library\//, "") : path,
    tag,
    ...(digest === undefined ? {} : { digest }),
  };
}

/** `docker.io` and its other names are "". */
export function canonicalRegistry(registry: string): string {
  return HUB.includes(registry) ? "" : registry;
}

export function isRegistry(text: string): boolean {
  return HOST.test(text);
}

export function isTag(text: string): boolean {
  return TAG.test(text);
}

/** One component of a name. */
export function isName(text: string): boolean {
  return COMPONENT.test(text);
}

/** Where a repository's images are: what stands before `NAME:TAG`. */
export interface Namespace {
  /** "" for Docker Hub. */
  readonly registry: string;
  /** "" for none; may have slashes in it. */
  readonly organization: string;
}

/** What stands before the name, with its slash; "" for nothing. */
export function prefixOf({ registry, organization }: Namespace): string {
  return [registry, organization].filter((part) => part !== "").map((part) => `${part}/`).join("");
}

/** The namespace and the last component of a reference. */
export function namespaceOf(
  { registry, path }: ImageReference,
): { readonly namespace: Namespace; readonly name: string } {
  const slash = path.lastIndexOf("/");
  return {
    namespace: { registry, organization: slash < 0 ? "" : path.slice(0, slash) },
    name: path.slice(slash + 1),
  };
}

export function isSameNamespace(a: Namespace, b: Namespace): boolean {
  return a.registry === b.registry && a.organization === b.organization;
}
