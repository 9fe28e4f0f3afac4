/**
 * Where a daemon or a client opens what stands in a service directory, a scan directory or a log
 * directory, somebody else may have planted a FIFO or a link there. So these rooms open through
 * lib/libc/wary_open.ts; a bare open must say by its flags that it can neither wait nor be led
 * astray, or name a file of /dev or /proc.
 */
import { repositoryPath } from "./place.ts";

const ROOMS = [
  "supervise",
  "scandir",
  "fifodir",
  "servicedir",
  "logdir",
  "loghost",
  "logreader",
  "overlay",
  "rc",
  "check",
];
const OPENS = new Set(["open", "tryOpen", "openAt"]);
/**
 * Each is enough: nothing waits, and nothing but a directory, a new file or a mere name is opened.
 */
const SAFE_BY_ITSELF = /\b(?:O_PATH|O_EXCL|O_DIRECTORY)\b/;
/** Of Deno, what opens files by path. */
const DENO_OPENS =
  /^(?:open|create|readFile|readTextFile|writeFile|writeTextFile|copyFile|truncate|chmod|chown|utime)(?:Sync)?$/;

function isSystemPath(node: Deno.lint.Node | undefined): boolean {
  const text = node?.type === "Literal"
    ? node.value
    : node?.type === "TemplateLiteral"
    ? node.quasis[0]?.cooked
    : undefined;
  return typeof text === "string" && /^\/(?:dev|proc)\//.test(text);
}

function isWary(flags: string): boolean {
  return SAFE_BY_ITSELF.test(flags) ||
    (/\bO_NOFOLLOW\b/.test(flags) && /\bO_NONBLOCK\b/.test(flags)) || /^[A-Z_]+_FLAGS$/.test(flags);
}

export const waryOpensRule: Deno.lint.Rule = {
  create(context): Deno.lint.LintVisitor {
    const [top, room] = repositoryPath(context.filename).split("/");
    if (top !== "lib" || room === undefined || !ROOMS.includes(room)) return {};
    return {
      CallExpression(node): void {
        const { callee, arguments: args } = node;
        if (callee.type !== "Identifier" || !OPENS.has(callee.name)) return;
        const [path, flags] = callee.name === "openAt" ? args.slice(1) : args;
        if (
          flags === undefined || isSystemPath(path) || isWary(context.sourceCode.getText(flags))
        ) return;
        context.report({
          node,
          message:
            `somebody may have planted something there: openFile() or openFifo() of lib/libc/wary_open.ts`,
        });
      },
      MemberExpression(node): void {
        const { object, property } = node;
        if (
          object.type !== "Identifier" || object.name !== "Deno" || property.type !== "Identifier"
        ) return;
        if (DENO_OPENS.test(property.name)) {
          context.report({
            node,
            message:
              `no Deno.${property.name}, which follows links and waits for FIFOs: lib/libc/wary_open.ts`,
          });
        }
      },
    };
  },
};
