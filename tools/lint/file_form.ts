/**
 * The form of a file: its size, its name, no barrel, and nothing that happens when lib is merely
 * imported.
 */
import { layerOf, repositoryPath } from "./place.ts";

const MAX_LINES = 400;
const MAX_TEST_LINES = 600;

/** Names that say nothing of what is in the file. */
const EMPTY_NAMES = new Set([
  "common.ts",
  "helper.ts",
  "helpers.ts",
  "index.ts",
  "misc.ts",
  "mod.ts",
  "util.ts",
  "utils.ts",
]);

export const fileSizeRule: Deno.lint.Rule = {
  create(context): Deno.lint.LintVisitor {
    const path = repositoryPath(context.filename);
    return {
      Program(node): void {
        const lines = context.sourceCode.text.trimEnd().split("\n").length;
        const limit = path.startsWith("tests/") ? MAX_TEST_LINES : MAX_LINES;
        if (lines > limit) {
          context.report({ node, message: `${lines} lines, more than ${limit}: split it` });
        }
      },
    };
  },
};

export const fileNameRule: Deno.lint.Rule = {
  create(context): Deno.lint.LintVisitor {
    const name = repositoryPath(context.filename).split("/").at(-1)!;
    return {
      Program(node): void {
        if (EMPTY_NAMES.has(name)) {
          context.report({ node, message: `${name} says nothing: name the one thing in it` });
        } else if (!/^[a-z0-9_]+((\.d)?\.ts|\.js)$/.test(name)) {
          context.report({ node, message: `${name} is not in snake_case` });
        }
      },
    };
  },
};

/** Importers name the file that defines a name. */
export const noBarrelRule: Deno.lint.Rule = {
  create(context): Deno.lint.LintVisitor {
    if (layerOf(repositoryPath(context.filename)) === "other") return {};
    const message = "no re-export: import the file that defines the name";
    return {
      ExportAllDeclaration: (node): void => context.report({ node, message }),
      ExportNamedDeclaration(node): void {
        if (node.source !== null) context.report({ node, message });
      },
    };
  },
};

function isInFunction(context: Deno.lint.RuleContext, node: Deno.lint.Node): boolean {
  return context.sourceCode.getAncestors(node).some(({ type }) =>
    type === "FunctionDeclaration" || type === "FunctionExpression" ||
    type === "ArrowFunctionExpression"
  );
}

/** A module of lib that is imported has opened no library and waited for nothing. */
export const idleImportRule: Deno.lint.Rule = {
  create(context): Deno.lint.LintVisitor {
    const layer = layerOf(repositoryPath(context.filename));
    if (layer === "other" || layer === "cmd") return {};
    return {
      AwaitExpression(node): void {
        if (!isInFunction(context, node)) {
          context.report({ node, message: "no await at the top level of a module of lib" });
        }
      },
      'CallExpression[callee.object.name="Deno"][callee.property.name="dlopen"]'(
        node: Deno.lint.CallExpression,
      ): void {
        if (!isInFunction(context, node)) {
          context.report({ node, message: "no dlopen at the top level of a module of lib" });
        }
      },
    };
  },
};
