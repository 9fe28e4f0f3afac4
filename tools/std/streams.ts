/**
 * `@std/streams` out of the npm package `deno-std`. That package has no type declarations:
 * streams.d.ts gives them to what we use. Only deno.json knows this file; with the JSR registry at
 * hand its import map can say `jsr:@std/streams` instead.
 */
// @ts-types="./streams.d.ts"
export * from "deno-std/streams/mod.js";
