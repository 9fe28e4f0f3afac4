/** The options of commands that look at a tree which another `hexad serve` shows. */
import type { NamedOption } from "../../../lib/core/cli/option_table.ts";
import type { Arguments } from "../arguments.ts";

export const TOKEN_VARIABLE = "HEXAD_TOKEN";

export const URL_OPTION = {
  long: "url",
  arg: "URL",
  kind: "text",
  text:
    "look at the tree that a hexad serve shows there: http://HOST:PORT, https://HOST:PORT or unix:/PATH",
} as const satisfies NamedOption;

export const TOKEN_OPTION = {
  long: "token-file",
  arg: "FILE",
  kind: "file",
  text: `with --url: its token is the first line of this file; default: $${TOKEN_VARIABLE}`,
} as const satisfies NamedOption;

export type UrlOption = typeof URL_OPTION | typeof TOKEN_OPTION;

/** A tree elsewhere is meant; what looks at it is loaded only then. */
export function meansServed({ value }: Arguments<UrlOption>): boolean {
  return value("url") !== undefined || value("token-file") !== undefined;
}
