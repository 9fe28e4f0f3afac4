/**
 * What a layer must not touch: pure rooms have no Deno, no clock, no randomness, no timers; lib
 * never prints and never exits; only cmd/main.ts exits; the program does not ask the runtime for its
 * environment, its directory or its file. A name counts when it is read as the global: `x.Deno` and
 * a property called `console` do not.
 */
import { layerOf, repositoryPath } from "./place.ts";

const IMPURE = new Set([
  "Deno",
  "Date",
  "console",
  "crypto",
  "fetch",
  "performance",
  "queueMicrotask",
  "setInterval",
  "setTimeout",
]);

/** Properties of Deno that only the commands' context may use. */
const PRINTING = new Set(["stdout", "stderr"]);
/**
 * What the build has made the runtime answer wrongly (tools/build/base_answers.ts), and who knows
 * better.
 */
const MISTAKEN = new Map([
  ["cwd", "lib/libc/cwd.ts"],
  ["env", "lib/libc/environ.ts"],
  ["execPath", "lib/libc/invocation.ts"],
]);

const EXITING = new Set(["exit", "exitCode"]);

function isGlobalUse(node: Deno.lint.Identifier): boolean {
  const { parent } = node;
  if (parent.type === "MemberExpression") return parent.object === node || parent.computed;
  if (parent.type === "Property") return parent.value === node;
  return parent.type !== "TSQualifiedName" && parent.type !== "TSPropertySignature" &&
    parent.type !== "MethodDefinition" &&
    parent.type !== "ImportSpecifier" && parent.type !== "TSMethodSignature";
}

/** `Deno.build` says which machine the program was built for, and is the same each time. */
function isConstant({ parent }: Deno.lint.Identifier): boolean {
  return parent.type === "MemberExpression" && propertyName(parent) === "build";
}

function propertyName(node: Deno.lint.MemberExpression): string {
  if (node.property.type === "Identifier" && !node.computed) return node.property.name;
  return node.property.type === "Literal" ? String(node.property.value) : "";
}

/** lib/core and each core/ of a subject are pure. */
export const pureCoreRule: Deno.lint.Rule = {
  create(context): Deno.lint.LintVisitor {
    if (layerOf(repositoryPath(context.filename)) !== "core") return {};
    return {
      Identifier(node): void {
        if (IMPURE.has(node.name) && isGlobalUse(node) && !isConstant(node)) {
          context.report({ node, message: `pure room: no ${node.name}` });
        }
      },
      TSQualifiedName(node): void {
        if (node.left.type === "Identifier" && node.left.name === "Deno") {
          context.report({ node, message: "pure room: no Deno" });
        }
      },
      MemberExpression(node): void {
        const { object } = node;
        if (
          object.type === "Identifier" && object.name === "Math" && propertyName(node) === "random"
        ) {
          context.report({ node, message: "pure room: no randomness" });
        }
      },
    };
  },
};

/**
 * lib never prints and never exits; of cmd, only main.ts exits. Neither asks the runtime for what
 * it does not know.
 */
export const silentLibRule: Deno.lint.Rule = {
  create(context): Deno.lint.LintVisitor {
    const path = repositoryPath(context.filename);
    const layer = layerOf(path);
    if (layer === "other") return {};
    return {
      MemberExpression(node): void {
        if (node.object.type !== "Identifier") return;
        const name = propertyName(node);
        if (layer !== "cmd" && node.object.name === "console") {
          context.report({ node, message: "lib never prints" });
        }
        if (node.object.name !== "Deno") return;
        if (layer !== "cmd" && PRINTING.has(name)) {
          context.report({ node, message: `lib never prints: no Deno.${name}` });
        }
        if (MISTAKEN.has(name)) {
          context.report({
            node,
            message: `the runtime is kept from knowing Deno.${name}: ${MISTAKEN.get(name)} does`,
          });
        }
        if (EXITING.has(name) && path !== "cmd/main.ts") {
          context.report({ node, message: `only cmd/main.ts calls Deno.${name}` });
        }
      },
    };
  },
};
