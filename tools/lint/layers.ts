/**
 * Imports run one way: from cmd into lib, and in lib down the list of rooms. No command imports
 * another, a pure room imports only pure rooms, and nothing but the standard library, by the names
 * of the import map, comes from outside.
 */
import { type Layer, layerOf, repositoryPath, resolveImport } from "./place.ts";
import { roomOf, ROOMS } from "./rooms.ts";

/** For each layer, those that it may import. */
const ALLOWED: Readonly<Record<Exclude<Layer, "other" | "lib">, readonly Layer[]>> = {
  cmd: ["cmd", "domain", "libc", "core"],
  domain: ["domain", "libc", "core"],
  libc: ["libc", "core"],
  core: ["core"],
};

/** Packages from outside, each with the files that know it. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  "yaml": ["lib/onefile/read_document.ts", "lib/convert/services_text.ts"],
};

/** What is no code and goes into the program: the version's one source of truth, and schemas. */
const CMD_DATA = /^(deno\.json|docs\/[a-z]+\.schema\.json)$/;

/** Whether `target` stands in a room above the importer's. */
function isUpwards(importer: string, target: string): boolean {
  const from = roomOf(importer);
  const to = roomOf(target);
  return from !== undefined && to !== undefined && ROOMS.indexOf(to) < ROOMS.indexOf(from);
}

/** What may know the commands: it loads them. */
export const REGISTRIES = ["cmd/registry.ts", "cmd/hexad/commands.ts"] as const;
const KNOWING: readonly string[] = [...REGISTRIES, "cmd/main.ts", "cmd/dispatch.ts"];

/** A registry: its path in the repository, and its text. */
export type Registry = readonly [path: string, text: string];

/** The paths of the commands: all that the registries load with import(). */
export function commandFiles(registries: readonly Registry[]): ReadonlySet<string> {
  const paths = registries.flatMap(([path, text]) =>
    Array.from(text.matchAll(/\bimport\("(\.[^"]+)"\)/g), (match) => resolveImport(path, match[1]!))
  );
  return new Set(paths);
}

/** Returns what is wrong with an import, or undefined. */
function complaint(
  importer: string,
  specifier: string,
  commands: ReadonlySet<string>,
): string | undefined {
  const layer = layerOf(importer);
  if (layer === "other") return undefined;
  if (layer === "lib") return `${importer} stands in no room: tools/lint/rooms.ts lists them`;
  if (!specifier.startsWith(".")) {
    if (layer === "core") return "pure rooms import only pure rooms";
    if (specifier.startsWith("@std/") || PACKAGES[specifier]?.includes(importer)) return undefined;
    return "only @std/* is imported from outside";
  }
  const target = resolveImport(importer, specifier);
  if (layer === "cmd" && CMD_DATA.test(target)) return undefined;
  const targetLayer = layerOf(target);
  if (!ALLOWED[layer].includes(targetLayer)) {
    return `${importer} (${layer}) must not import ${target} (${targetLayer})`;
  }
  if (isUpwards(importer, target)) {
    return `${roomOf(importer)} must not import upwards from ${roomOf(target)}`;
  }
  if (commands.has(target) && !KNOWING.includes(importer)) {
    return `no file imports a command: move what is shared out of ${target}`;
  }
  return undefined;
}

/** @param commands paths of the commands, like `cmd/supervision/svok.ts` */
export function layersRule(commands: ReadonlySet<string>): Deno.lint.Rule {
  return {
    create(context): Deno.lint.LintVisitor {
      const importer = repositoryPath(context.filename);
      function check(node: Deno.lint.Node, source: Deno.lint.Node | null): void {
        if (source?.type !== "Literal" || typeof source.value !== "string") return;
        const message = complaint(importer, source.value, commands);
        if (message !== undefined) context.report({ node, message });
      }
      return {
        ImportDeclaration: (node): void => check(node, node.source),
        ImportExpression: (node): void => check(node, node.source),
        ExportAllDeclaration: (node): void => check(node, node.source),
        ExportNamedDeclaration: (node): void => check(node, node.source),
      };
    },
  };
}
