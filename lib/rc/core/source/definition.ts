/** Definitions whose files have been parsed, before their names are resolved. Pure. */
import type { StartCondition } from "../../../servicedir/core/start_condition.ts";
import type { DependencyCondition, ReadinessProbe } from "../database.ts";

/** A name in a list, and where it occurs. */
export interface Mention {
  readonly name: string;
  /** `SRC/NAME/dependencies.d/OTHER`, or the file that lists it. */
  readonly file: string;
  /** Present if the file lists several names. */
  readonly line?: number;
}

export interface DependencyMention extends Mention {
  readonly condition: DependencyCondition;
}

/** The parts of a definition that hexad reads and C does not. */
export interface OwnFiles {
  readonly wants: readonly Mention[];
  readonly after: readonly Mention[];
  readonly before: readonly Mention[];
  readonly restartsWith: readonly Mention[];
  readonly conditions: readonly StartCondition[];
  readonly probe: ReadinessProbe | undefined;
  readonly maxStartFailures: number;
  readonly timeoutKillMs: number;
}

interface AtomicDefinition {
  readonly name: string;
  readonly source: string;
  /** `SRC/NAME`. */
  readonly path: string;
  readonly digest: string;
  readonly essential: boolean;
  readonly recommended: boolean;
  readonly timeoutUpMs: number;
  readonly timeoutDownMs: number;
  readonly dependencies: readonly DependencyMention[];
  readonly own: OwnFiles;
}

export interface OneshotDefinition extends AtomicDefinition {
  readonly type: "oneshot";
  readonly up: readonly string[];
  readonly down: readonly string[];
  readonly reload: readonly string[];
}

export interface LongrunDefinition extends AtomicDefinition {
  readonly type: "longrun";
  readonly tellsReadiness: boolean;
  /** It has a `health-check`. */
  readonly checksHealth: boolean;
  /** `producer-for`. */
  readonly consumer: Mention | undefined;
  /** `consumer-for`. */
  readonly producers: readonly Mention[];
  readonly pipelineName: Mention | undefined;
  /** The files about its pipes have an error, which has been reported. */
  readonly pipesAreWrong: boolean;
}

export interface BundleDefinition {
  readonly type: "bundle";
  readonly name: string;
  readonly source: string;
  readonly path: string;
  readonly essential: boolean;
  readonly recommended: boolean;
  readonly contents: readonly Mention[];
}

export type Definition = OneshotDefinition | LongrunDefinition | BundleDefinition;
export type ServiceType = Definition["type"];
