/**
 * `@std/path` out of the npm package `deno-std`. That package has no type declarations: path.d.ts
 * gives them to what we use. Only deno.json knows this file; with the JSR registry at hand its
 * import map can say `jsr:@std/path` instead.
 */
// @ts-types="./path.d.ts"
export * from "deno-std/path/mod.js";
