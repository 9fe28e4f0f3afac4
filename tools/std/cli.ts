/**
 * `@std/cli` out of the npm package `deno-std`. That package has no type declarations: cli.d.ts
 * gives them to what we use. Only deno.json knows this file; with the JSR registry at hand its
 * import map can say `jsr:@std/cli` instead. Not the package's cli/mod.js: that needs a data file
 * which the package leaves out.
 */
// @ts-types="./cli.d.ts"
export * from "deno-std/cli/parse_args.js";
export { unicodeWidth } from "./unicode_width.ts";
