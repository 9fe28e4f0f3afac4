/**
 * `@std/assert` out of the npm package `deno-std`. That package has no type declarations:
 * assert.d.ts gives them to what we use. Only deno.json knows this file; with the JSR registry at
 * hand its import map can say `jsr:@std/assert` instead.
 */
// @ts-types="./assert.d.ts"
export * from "deno-std/assert/mod.js";
