/**
 * `@std/yaml` out of the npm package `deno-std`. That package has no type declarations: yaml.d.ts
 * gives them to what we use. Only deno.json knows this file; with the JSR registry at hand its
 * import map can say `jsr:@std/yaml` instead.
 */
// @ts-types="./yaml.d.ts"
export * from "deno-std/yaml/mod.js";
