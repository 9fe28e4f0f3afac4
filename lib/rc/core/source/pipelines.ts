/**
 * Pipelines of longruns: makes their bundles, and checks that both ends of each pipe name each
 * other. Source: s6-rc, s6-rc-compile.c, add_pipeline_bundles and resolve_prodcons. Pure.
 */
import type { LongrunDefinition, Mention } from "./definition.ts";
import { fail, type Notes, say } from "./finding.ts";
import { INTERNALS, type NameRegister } from "./name_register.ts";

/** A bundle before its members are resolved. */
export interface BundleDraft {
  readonly name: string;
  readonly path: string;
  readonly essential: boolean;
  readonly recommended: boolean;
  readonly contents: readonly Mention[];
}

export interface Longruns {
  readonly byName: ReadonlyMap<string, LongrunDefinition>;
  /** The internal ones included. */
  readonly count: number;
  readonly register: NameRegister;
  /** Names whose definitions are broken, which has been reported. */
  readonly undefinable: ReadonlySet<string>;
}

/** The bundles that `pipeline-name` files ask for. C goes from the last longrun to the first. */
export function pipelineBundles(longruns: Longruns, notes: Notes): BundleDraft[] {
  say(notes, 2, "info", "making bundles for pipelines");
  const bundles: BundleDraft[] = [];
  for (const consumer of [...longruns.byName.values()].reverse()) {
    const { pipelineName, path } = consumer;
    if (pipelineName === undefined) continue;
    say(notes, 3, "info", `creating bundle for pipeline ${pipelineName.name}`);
    if (
      !longruns.register.define(pipelineName.name, "bundle", {
        source: INTERNALS,
        path: pipelineName.file,
      })
    ) continue;
    const members = pipelineMembers(consumer, longruns, notes);
    bundles.push({
      name: pipelineName.name,
      path,
      essential: false,
      recommended: false,
      contents: members.map((name) => ({ name, file: pipelineName.file })),
    });
  }
  return bundles;
}

/**
 * The consumer and everything that it reads from, directly or indirectly. Unknown producers are
 * left out and reported.
 */
function pipelineMembers(last: LongrunDefinition, longruns: Longruns, notes: Notes): string[] {
  const pipeline = last.pipelineName!.name;
  const members: string[] = [];
  const todo = [last];
  for (;;) {
    const longrun = todo.pop();
    if (longrun === undefined) return members;
    if (members.length >= longruns.count) {
      failLoop(pipeline, longrun, notes);
      return [...new Set(members)];
    }
    say(notes, 4, "info", `adding ${longrun.name} to pipeline ${pipeline}`);
    members.push(longrun.name);
    const next: LongrunDefinition[] = [];
    for (const producer of longrun.producers) {
      const found = longruns.byName.get(producer.name);
      if (found !== undefined) next.push(found);
      else if (!longruns.undefinable.has(producer.name)) {
        failProducerType(longrun, producer, longruns, notes);
      }
    }
    todo.push(...next.reverse());
  }
}

function failLoop(pipeline: string, { name, path }: LongrunDefinition, notes: Notes): void {
  fail(notes, {
    text: `pipeline ${pipeline} is too long: possible loop involving ${name}`,
    file: path,
    cause: `the pipeline ${pipeline} leads back to ${name}`,
    cure: "let its first producer read from nobody",
    spoils: [name],
  });
}

function failProducerType(
  { name }: LongrunDefinition,
  producer: Mention,
  { register }: Longruns,
  notes: Notes,
): void {
  const type = register.typeOf(producer.name);
  fail(notes, {
    text: `longrun ${name} declares a producer ${producer.name} of type ${type}`,
    ...placeOf(producer),
    cause: notALongrun(producer.name, type),
    cure: "name a longrun",
    spoils: [name],
  });
}

function placeOf({ file, line }: Mention): { readonly file: string; readonly line?: number } {
  return line === undefined ? { file } : { file, line };
}

function notALongrun(name: string, type: string): string {
  return type === "unknown"
    ? `there is no ${name}`
    : `${name} is a ${type}, and only longruns have pipes`;
}

/** Checks that both ends of its pipes name each other, and reports mismatches. */
export function checkPairs(longrun: LongrunDefinition, longruns: Longruns, notes: Notes): void {
  const { name, consumer, producers } = longrun;
  if (consumer !== undefined) checkConsumer(name, consumer, longruns, notes);
  for (const producer of producers) {
    const type = longruns.register.typeOf(producer.name);
    const said = { ...placeOf(producer), spoils: [name] };
    if (type !== "longrun") {
      if (longruns.undefinable.has(producer.name)) continue;
      const text =
        `longrun service ${name} declares being the consumer for a service named ${producer.name} of type ${type}`;
      fail(notes, {
        ...said,
        text,
        cause: notALongrun(producer.name, type),
        cure: "name a longrun",
      });
      continue;
    }
    const other = longruns.byName.get(producer.name);
    if (other === undefined || other.pipesAreWrong) continue;
    const back = other.consumer;
    const backType = back === undefined ? "longrun" : longruns.register.typeOf(back.name);
    if (backType !== "longrun") {
      if (longruns.undefinable.has(back!.name)) continue;
      // reported again when it is the producer's turn, so it is not shown to people here
      const text = `longrun service ${producer.name} declares a producer ${
        back!.name
      } of type ${backType}`;
      fail(notes, {
        ...placeOf(back!),
        text,
        cause: notALongrun(back!.name, backType),
        cure: "name a longrun",
        spoils: [producer.name],
      });
    } else if (back?.name !== name) {
      fail(notes, {
        ...said,
        text:
          `longrun service ${name} declares being the consumer for a service named ${producer.name} that does not declare it back`,
        cause: back === undefined
          ? `${producer.name} has no producer-for`
          : `${producer.name} is a producer for ${back.name}`,
        cure: `write ${name} into producer-for of ${producer.name}`,
      });
    }
  }
}

function checkConsumer(name: string, consumer: Mention, longruns: Longruns, notes: Notes): void {
  const type = longruns.register.typeOf(consumer.name);
  const declares =
    `longrun service ${name} declares being a producer for a service named ${consumer.name}`;
  const said = { ...placeOf(consumer), spoils: [name] };
  if (type !== "longrun") {
    if (!longruns.undefinable.has(consumer.name)) {
      fail(notes, {
        ...said,
        text: `${declares} of type ${type}`,
        cause: notALongrun(consumer.name, type),
        cure: "name a longrun",
      });
    }
    return;
  }
  const reader = longruns.byName.get(consumer.name);
  if (reader?.pipesAreWrong) return;
  for (const other of reader?.producers ?? []) {
    const otherType = longruns.register.typeOf(other.name);
    if (otherType !== "longrun" && !longruns.undefinable.has(other.name)) {
      fail(notes, {
        ...placeOf(other),
        text:
          `longrun service ${consumer.name} declares a consumer ${other.name} of type ${otherType}`,
        cause: notALongrun(other.name, otherType),
        cure: "name a longrun",
        spoils: [consumer.name],
      });
    }
    if (other.name === name) return;
  }
  fail(notes, {
    ...said,
    text: `${declares} that does not declare it back`,
    cause: `consumer-for of ${consumer.name} does not list ${name}`,
    cure: `add ${name} to consumer-for of ${consumer.name}`,
  });
}
