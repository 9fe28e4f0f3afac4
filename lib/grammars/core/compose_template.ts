/**
 * Variables in a value: `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME-default}`, `${NAME:?error}`,
 * `${NAME?error}`, `${NAME:+instead}`, `${NAME+instead}`; `$$` is a dollar sign, and so is one that no
 * name follows. Default, error and the other text may hold variables. Source: Compose specification,
 * 12-interpolation.md; compose-go, template. Pure.
 */

/** What a value became; `unset` has the names without a value and without a default. */
export type Filled =
  | { readonly kind: "text"; readonly text: string; readonly unset: readonly string[] }
  | { readonly kind: "fault"; readonly text: string };

type Lookup = (name: string) => string | undefined;

const NAME = /^[A-Za-z_][A-Za-z0-9_]*/;
const OPERATORS = [":-", ":?", ":+", "-", "?", "+"] as const;
/** How deep a default may hold another one. */
const MAX_DEPTH = 16;

class TemplateFault extends SyntaxError {
  override readonly name = "TemplateFault";
}

export function fillTemplate(text: string, lookup: Lookup): Filled {
  if (!text.includes("$")) return { kind: "text", text, unset: [] };
  const unset = new Set<string>();
  try {
    return { kind: "text", text: fill(text, { lookup, unset, depth: 0 }), unset: [...unset] };
  } catch (error) {
    if (error instanceof TemplateFault) return { kind: "fault", text: error.message };
    throw error;
  }
}

interface Filling {
  readonly lookup: Lookup;
  readonly unset: Set<string>;
  readonly depth: number;
}

function fill(text: string, filling: Filling): string {
  if (filling.depth > MAX_DEPTH) throw new TemplateFault("variables are nested too deeply");
  let done = "";
  let at = 0;
  for (;;) {
    const dollar = text.indexOf("$", at);
    if (dollar < 0) return done + text.slice(at);
    done += text.slice(at, dollar);
    const next = text[dollar + 1];
    if (next === "$") {
      done += "$";
      at = dollar + 2;
    } else if (next === "{") {
      const end = closingBrace(text, dollar + 2);
      done += braced(text.slice(dollar + 2, end), filling);
      at = end + 1;
    } else {
      const name = NAME.exec(text.slice(dollar + 1))?.[0];
      done += name === undefined ? "$" : valueOf(name, filling);
      at = dollar + 1 + (name?.length ?? 0);
    }
  }
}

function closingBrace(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    if (text[at] === "$" && text[at + 1] === "$") at++;
    else if (text[at] === "{") depth++; // with or without a dollar sign
    else if (text[at] === "}" && --depth === 0) return at;
  }
  throw new TemplateFault("a ${ is not closed");
}

function valueOf(name: string, { lookup, unset }: Filling): string {
  const value = lookup(name);
  if (value === undefined) unset.add(name);
  return value ?? "";
}

function braced(inside: string, filling: Filling): string {
  const name = NAME.exec(inside)?.[0];
  if (name === undefined) throw new TemplateFault(`no name of a variable: \${${inside}}`);
  const rest = inside.slice(name.length);
  if (rest === "") return valueOf(name, filling);
  const operator = OPERATORS.find((each) => rest.startsWith(each));
  if (operator === undefined) {
    throw new TemplateFault(
      `\${${inside}}: after the name there may be :-, -, :?, ?, :+ or +`,
    );
  }
  const word = (): string =>
    fill(rest.slice(operator.length), { ...filling, depth: filling.depth + 1 });
  const value = filling.lookup(name);
  const counts = value !== undefined && !(operator.startsWith(":") && value === "");
  switch (operator.at(-1)) {
    case "-":
      return counts ? value : word();
    case "+":
      return counts ? word() : "";
    default: {
      if (counts) return value;
      const text = word();
      throw new TemplateFault(
        `${name} is ${value === undefined ? "not set" : "empty"}${text === "" ? "" : `: ${text}`}`,
      );
    }
  }
}
