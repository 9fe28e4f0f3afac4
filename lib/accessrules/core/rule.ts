/**
 * A rule about who may use a service, and the record of it in a database. Layout:
 *
 * - `D`: deny, or
 * - `A`, 2 bytes: how long the environment is, big-endian; `NAME=value` or `NAME`, each with a NUL;
 *   2 bytes: how long the command line is; the command line
 *
 * Source: s6, doc/s6-accessrules-cdb-from-fs.html, s6_accessrules_backend_cdb.c. Pure.
 */
import type { Change } from "../../execline/core/chain_environment.ts";
import { decodePath, encodePath } from "../../core/text/path_bytes.ts";

/** The most bytes of an environment, and of a command line. */
export const MOST_PART_BYTES = 4096;

export type Rule =
  | {
    readonly kind: "allow";
    readonly env: readonly Change[];
    /** A script to execute in place of the program; empty: none. */
    readonly exec: Uint8Array<ArrayBuffer>;
  }
  | { readonly kind: "deny" };

const ALLOW = 0x41;
const DENY = 0x44;

/** The record of a rule; undefined if its environment is too large for one. */
export function ruleRecord(rule: Rule): Uint8Array<ArrayBuffer> | undefined {
  if (rule.kind === "deny") return Uint8Array.of(DENY);
  const env = encodePath(
    rule.env.map(([name, value]) => `${value === undefined ? name : `${name}=${value}`}\0`).join(
      "",
    ),
  );
  if (env.length > MOST_PART_BYTES) return undefined;
  const { exec } = rule;
  const record = new Uint8Array(5 + env.length + exec.length);
  const view = new DataView(record.buffer);
  record[0] = ALLOW;
  view.setUint16(1, env.length);
  record.set(env, 3);
  view.setUint16(3 + env.length, exec.length);
  record.set(exec, 5 + env.length);
  return record;
}

/** The rule in a record; undefined: there is none in it; "broken": it is no record. */
export function parseRuleRecord(record: Uint8Array): Rule | "broken" | undefined {
  if (record.length === 0) return "broken";
  if (record[0] === DENY) return { kind: "deny" };
  if (record[0] !== ALLOW) return undefined;
  if (record.length < 5) return "broken";
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
  const envLength = view.getUint16(1);
  if (envLength > MOST_PART_BYTES || 5 + envLength > record.length) return "broken";
  const execLength = view.getUint16(3 + envLength);
  if (execLength > MOST_PART_BYTES || 5 + envLength + execLength !== record.length) return "broken";
  const env = decodePath(record.subarray(3, 3 + envLength));
  if (env !== "" && !env.endsWith("\0")) return "broken";
  return {
    kind: "allow",
    env: env.split("\0").slice(0, -1).map(change),
    exec: record.slice(5 + envLength),
  };
}

function change(text: string): Change {
  const equals = text.indexOf("=");
  return equals < 0 ? [text, undefined] : [text.slice(0, equals), text.slice(equals + 1)];
}
