/**
 * Imports run one way: cmd -> domain -> lib/libc -> lib/core. No command imports another, core
 * imports only itself, and nothing but the standard library, by the names of the import map, comes
 * from outside.
 */
import { type Layer, layerOf, repositoryPath, resolveImport } from "./place.ts";

/** For each layer, those that it may import. */
const ALLOWED: Readonly<Record<Exclude<Layer, "other">, readonly Layer[]>> = {
  cmd: ["cmd", "domain", "libc", "core"],
  domain: ["domain", "libc", "core"],
  libc: ["libc", "core"],
  core: ["core"],
};

/** What may know the commands: it loads them. */
export const REGISTRIES = ["cmd/registry.ts", "cmd/hexad/commands.ts"] as const;
const KNOWING: readonly string[] = [...REGISTRIES, "cmd/main.ts"];

/**
 * The paths of the commands, out of the text of the registries: all that they load with import().
 */
export function commandFiles(registry: string): ReadonlySet<string> {
  return new Set(
    Array.from(registry.matchAll(/\bimport\("\.\/([^"]+)"\)/g), (match) => `cmd/${match[1]}`),
  );
}

/** Returns what is wrong with an import, or undefined. */
function complaint(
  importer: string,
  specifier: string,
  commands: ReadonlySet<string>,
): string | undefined {
  const layer = layerOf(importer);
  if (layer === "other") return undefined;
  if (!specifier.startsWith(".")) {
    if (layer === "core") return "lib/core imports only lib/core";
    return specifier.startsWith("@std/") ? undefined : "only @std/* is imported from outside";
  }
  const target = resolveImport(importer, specifier);
  // the version's one source of truth
  if (target === "deno.json" && layer === "cmd") return undefined;
  const targetLayer = layerOf(target);
  if (!ALLOWED[layer].includes(targetLayer)) {
    return `${importer} (${layer}) must not import ${target} (${targetLayer})`;
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
