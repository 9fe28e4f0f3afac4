/**
 * The command lines of the engines: what docker, podman and buildah are told to do with an image.
 *
 * A name without a registry is Docker Hub's for docker. podman and buildah have two for it: the one
 * that they look up first for a short name (`localhost/`), and that on Docker Hub. Pure.
 */
import { type Namespace, prefixOf } from "./image_reference.ts";

export const ENGINES = ["docker", "podman", "buildah"] as const;
export type Engine = typeof ENGINES[number];

export const ENGINE_ACTIONS = ["build", "pull", "push", "retag"] as const;
export type EngineAction = typeof ENGINE_ACTIONS[number];

/** The label in which an image has the fingerprint of what it was built of. */
export const FINGERPRINT_LABEL = "hexad.images.fingerprint";

export interface NamedImage {
  readonly context: string;
  readonly name: string;
  readonly tags: readonly string[];
}

export interface CommandSettings {
  readonly engine: Engine;
  /** What the images are called. */
  readonly home: Namespace;
  /** Where FROM lines look for them: home, and another if they say so. */
  readonly namespaces: readonly Namespace[];
  /** Of retag. */
  readonly target?: Namespace;
  readonly platform?: string;
  readonly buildArgs: ReadonlyMap<string, string>;
  /** Of build, by context. */
  readonly fingerprints?: ReadonlyMap<string, string>;
}

/** The commands for one image, in their order; the first that fails ends them. */
export function engineCommands(
  action: EngineAction,
  image: NamedImage,
  settings: CommandSettings,
): string[][] {
  const { engine, home, target, platform } = settings;
  const names = image.tags.map((tag) => engineName(engine, home, `${image.name}:${tag}`));
  switch (action) {
    case "build":
      return [buildCommand(image, settings)];
    case "pull":
      return names.map((name) => [
        engine,
        "pull",
        ...(platform === undefined ? [] : ["--platform", platform]),
        name,
      ]);
    case "push":
      return names.map((name) => [engine, "push", name]);
    case "retag":
      return image.tags.map((tag, at) => [
        engine,
        "tag",
        names[at]!,
        engineName(engine, target!, `${image.name}:${tag}`),
      ]);
  }
}

function buildCommand(
  { context, name, tags }: NamedImage,
  { engine, namespaces, platform, buildArgs, fingerprints }: CommandSettings,
): string[] {
  const fingerprint = fingerprints?.get(context);
  const names = namespaces.flatMap((namespace) =>
    tags.flatMap((tag) => builtNames(engine, namespace, `${name}:${tag}`))
  );
  return [
    engine,
    "build",
    ...names.flatMap((each) => ["--tag", each]),
    ...(platform === undefined ? [] : ["--platform", platform]),
    ...[...buildArgs].flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
    ...(fingerprint === undefined ? [] : ["--label", `${FINGERPRINT_LABEL}=${fingerprint}`]),
    // docker takes github.com/x for an address
    `./${context}`,
  ];
}

/** The command that prints the label of a local image, and fails if there is no such image. */
export function inspectCommand(engine: Engine, namespace: Namespace, name: string): string[] {
  const where = engine === "buildah" ? ".OCIv1.Config.Labels" : ".Config.Labels";
  const format = ["--format", `{{index ${where} "${FINGERPRINT_LABEL}"}}`];
  const words = engine === "buildah" ? ["inspect", "--type", "image"] : ["image", "inspect"];
  return [engine, ...words, ...format, builtNames(engine, namespace, name)[0]!];
}

/** The names that FROM lines may use for it. */
function builtNames(engine: Engine, namespace: Namespace, name: string): string[] {
  const full = `${prefixOf(namespace)}${name}`;
  if (engine === "docker" || namespace.registry !== "") return [full];
  const local = `localhost/${full}`;
  return namespace.organization === "" ? [local] : [local, `docker.io/${full}`];
}

/** The name by which it goes to its registry and comes from there. */
function engineName(engine: Engine, namespace: Namespace, name: string): string {
  return builtNames(engine, namespace, name).at(-1)!;
}
