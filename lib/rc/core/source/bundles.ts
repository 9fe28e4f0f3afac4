/**
 * Resolves bundles to their atomic services.
 * Source: s6-rc, s6-rc-compile.c, resolve_bundle_rec. Pure.
 */
import { pathText } from "./cycle_path.ts";
import type { ServiceNumber } from "../database.ts";
import type { Mention } from "./definition.ts";
import { fail, type Notes } from "./finding.ts";
import type { BundleDraft } from "./pipelines.ts";

export interface BundleNames {
  /** Of atomic services. */
  readonly numbers: ReadonlyMap<string, ServiceNumber>;
  readonly undefinable: ReadonlySet<string>;
  /** Suggests a name that resembles an undefined one. */
  suggest(name: string): string;
}

/**
 * The members of each bundle, in no particular order. An undefined member, or a bundle that
 * contains itself, is reported and left out.
 */
export function resolveBundles(
  bundles: readonly BundleDraft[],
  names: BundleNames,
  notes: Notes,
): Map<string, Set<ServiceNumber>> {
  const byName = new Map(bundles.map((bundle) => [bundle.name, bundle]));
  const resolved = new Map<string, Set<ServiceNumber>>();
  const open: { readonly bundle: BundleDraft; readonly by: Mention | undefined }[] = [];

  function resolve(
    bundle: BundleDraft,
    by: Mention | undefined,
    source: string,
  ): ReadonlySet<ServiceNumber> {
    const known = resolved.get(bundle.name);
    if (known !== undefined) return known;
    const circle = open.findIndex((each) => each.bundle === bundle);
    if (circle >= 0) {
      failCycle(open.slice(circle).map((each) => each.bundle.name), { source, by: by! }, notes);
      return new Set();
    }
    open.push({ bundle, by });
    const members = new Set<ServiceNumber>();
    for (const mention of bundle.contents) {
      const number = names.numbers.get(mention.name);
      const inner = byName.get(mention.name);
      if (number !== undefined) members.add(number);
      else if (inner !== undefined) {
        for (const member of resolve(inner, mention, source)) members.add(member);
      } else if (!names.undefinable.has(mention.name)) {
        failMember(bundle.name, mention, names.suggest(mention.name), notes);
      }
    }
    open.pop();
    resolved.set(bundle.name, members);
    return members;
  }

  for (const bundle of bundles) resolve(bundle, undefined, bundle.name);
  return resolved;
}

function failMember(bundle: string, mention: Mention, suggestion: string, notes: Notes): void {
  fail(notes, {
    text: `during resolution of bundle ${bundle}: undefined service name ${mention.name}`,
    file: mention.file,
    ...(mention.line === undefined ? {} : { line: mention.line }),
    cause: `no source defines ${mention.name}${suggestion}`,
    cure: "define it, or remove this entry",
    spoils: [],
    drops: { bundle, member: mention.name },
  });
}

function failCycle(
  names: readonly string[],
  { source, by }: { readonly source: string; readonly by: Mention },
  notes: Notes,
): void {
  const path = pathText(
    names.map((name, at) => ({ name, by: `contents.d/${names[(at + 1) % names.length]}` })),
  );
  fail(notes, {
    text: `cyclic bundle definition: resolution of ${source} encountered a cycle involving ${
      names[0]
    }: ${path}`,
    file: by.file,
    ...(by.line === undefined ? {} : { line: by.line }),
    cause: `bundles contain each other: ${path}`,
    cure: "remove one of the entries",
    spoils: [...names],
  });
}
