/**
 * export, unexport and export-array. Source: execline, doc/export.html, doc/unexport.html,
 * doc/export-array.html.
 */
import { EXIT_USAGE } from "../core/cli/exit_codes.ts";
import { netstring } from "./core/execline_value.ts";
import { decodePath, encodePath } from "../core/text/path_bytes.ts";
import { needWords } from "./arguments.ts";
import { BlockReader } from "./blocks.ts";
import { goOn, type Link, type LinkResult } from "./link.ts";
import { LinkFailure } from "./link_failure.ts";

function checkName(name: string): void {
  if (name.includes("=")) throw new LinkFailure(EXIT_USAGE, `invalid variable name: ${name}`);
}

/** export variable value prog... */
export const exportLink: Link = {
  nature: "state",
  allOperands: true,
  run({ state, words }): LinkResult {
    needWords(words, 3, "a variable, a value and a program are");
    const [name, value] = words.texts as [string, string];
    checkName(name);
    state.env.set(name, value);
    return goOn(words.slice(2));
  },
};

/** unexport variable prog... */
export const unexport: Link = {
  nature: "state",
  allOperands: true,
  run({ state, words }): LinkResult {
    needWords(words, 2, "a variable and a program are");
    const name = words.texts[0]!;
    checkName(name);
    state.env.unset(name);
    return goOn(words.slice(1));
  },
};

/** export-array [ -d delim ] variable { values... } prog... */
export const exportArray: Link = {
  nature: "state",
  run(call): LinkResult {
    needWords(call.words, 2, "a variable and a block are");
    const name = call.words.texts[0]!;
    checkName(name);
    const { block, rest } = new BlockReader(call).takeNonEmpty(call.words.slice(1));
    needWords(rest, 1, "a program is");
    // the delimiter is a byte
    const delimiter = decodePath(encodePath(call.value("d") ?? "").subarray(0, 1));
    const value = block.texts.map((text) => delimiter === "" ? netstring(text) : text + delimiter)
      .join("");
    call.state.env.set(name, value);
    return goOn(rest);
  },
};
