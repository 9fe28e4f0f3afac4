/**
 * The definitions that s6-overlay brings itself, as far as the graph needs them: the meaning of
 * `top`, and the two definitions that exist in every image. Source: s6-overlay 3.2.3,
 * etc/s6-rc/sources and etc/s6-overlay/user-bundles.d. Pure.
 */
import { BUNDLE } from "../../../onefile/core/render_services.ts";
import type { RawDefinition, RawFile, RawSource } from "./raw_definition.ts";

/** The bundle that is brought up at boot. */
export const TOP = "top";
export const BASE = "base";
export const USER_BUNDLES = ["user", "user2"] as const;
/** The name of this source in messages. */
export const OVERLAY_SOURCE = "s6-overlay";

/** The names that these definitions have. */
export const OVERLAY_NAMES: readonly string[] = [
  TOP,
  BASE,
  ...USER_BUNDLES,
  "fix-attrs",
  "legacy-cont-init",
  "legacy-services",
];

const NOTHING: ReadonlyMap<string, Uint8Array> = new Map();

function text(words: string): RawFile {
  return { kind: "file", bytes: new TextEncoder().encode(words), whole: true };
}

function names(list: readonly string[]): RawFile {
  return { kind: "directory", names: [...list].sort(), contents: NOTHING };
}

function definition(name: string, files: Readonly<Record<string, RawFile>>): RawDefinition {
  return {
    source: OVERLAY_SOURCE,
    name,
    files: new Map(Object.entries(files)),
    names: Object.keys(files).sort(),
    digest: "",
  };
}

function bundle(name: string, contents: readonly string[]): RawDefinition {
  return definition(name, { "type": text("bundle\n"), "contents.d": names(contents) });
}

/** The words of its scripts are only names: /init itself does their work. */
function oneshot(name: string, dependencies: readonly string[], down: string): RawDefinition {
  return definition(name, {
    "type": text("oneshot\n"),
    "up": text(name),
    "down": text(down),
    "dependencies.d": names(dependencies),
  });
}

/** @param defined The names that other sources define */
export function overlaySource(defined: ReadonlySet<string>): RawSource {
  const definitions = [
    bundle(BASE, ["fix-attrs", "legacy-cont-init"]),
    oneshot("fix-attrs", [], ""),
    oneshot("legacy-cont-init", ["fix-attrs"], "cont-finish"),
    oneshot("legacy-services", [BASE, "user"], "services-down"),
    bundle(TOP, [
      BASE,
      "legacy-services",
      ...USER_BUNDLES,
      ...(defined.has(BUNDLE) ? [BUNDLE] : []),
    ]),
    ...USER_BUNDLES.filter((name) => !defined.has(name)).map((name) => bundle(name, [])),
  ];
  definitions.sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    path: OVERLAY_SOURCE,
    entries: definitions.map(({ name }) => ({ name, isDirectory: true })),
    definitions,
  };
}

/**
 * Gives the user's bundles in a source a type and contents, because the boot writes them if
 * missing.
 */
export function withUserTypes(source: RawSource): RawSource {
  const type: RawFile = { kind: "file", bytes: new TextEncoder().encode("bundle\n"), whole: true };
  const isUsers = ({ name }: RawDefinition): boolean =>
    (USER_BUNDLES as readonly string[]).includes(name);
  const none: RawFile = { kind: "directory", names: [], contents: new Map() };
  return {
    ...source,
    definitions: source.definitions.map((raw) =>
      isUsers(raw)
        ? {
          ...raw,
          files: new Map([["contents.d", none], ...raw.files, [
            "type",
            raw.files.get("type") ?? type,
          ]]),
        }
        : raw
    ),
  };
}
