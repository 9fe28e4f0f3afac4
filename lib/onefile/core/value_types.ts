/**
 * The kinds of values that a key may have, and what each becomes in our hands. The reader
 * (read_value.ts), the JSON schema (value_schema.ts) and the reference page (reference_page.ts)
 * follow the same kinds. Pure.
 */
import type { Place } from "./located.ts";

export type ValueType =
  | { readonly kind: "text"; readonly form?: TextForm }
  | { readonly kind: "boolean" }
  | { readonly kind: "integer"; readonly least: number; readonly most: number }
  /** Milliseconds in our hands. */
  | { readonly kind: "duration" }
  | { readonly kind: "choice"; readonly of: readonly string[] }
  /** A command: a list of words, or a line that is split into words, without a shell. */
  | { readonly kind: "words" }
  /** `NAME: VALUE`, or a list of `NAME=VALUE` and of names alone. */
  | { readonly kind: "pairs" }
  | { readonly kind: "list"; readonly of: ValueType }
  /** `foreign`: keys of Compose that have no effect here. */
  | {
    readonly kind: "object";
    readonly keys: Keys;
    readonly foreign?: ForeignKeys;
    /** What follows "no such key" where no name is near. */
    readonly hint?: string;
  }
  /** A map with names of the user's choice. */
  | { readonly kind: "entries"; readonly of: ValueType }
  /** The first that fits what is written there: a single value, a list, a map. */
  | { readonly kind: "either"; readonly of: readonly ValueType[] };

/** What a text has to be; text_forms.ts says how that is checked. */
export type TextForm =
  | "absolute path"
  | "path"
  | "endpoint"
  | "http address"
  | "statuses"
  | "condition"
  | "log directive"
  | "service name"
  | "user"
  | "restart"
  | "signal"
  | "octal"
  | "restarts"
  | "exit code"
  | "size";

/** A key that has an effect. */
export interface KeyRow {
  readonly type: ValueType;
  /** The file or the part of a service directory that it becomes. */
  readonly becomes: string;
  /** One sentence for the reference. */
  readonly text: string;
  /** A value, as YAML has it. */
  readonly example: string;
  /** A list that a later file replaces; other lists are joined. */
  readonly isReplaced?: boolean;
}

/**
 * A key of Compose that has no effect here. noted: it is told once, and the rest works. refused:
 * the service would not be what was meant.
 */
export type ForeignRow =
  | { readonly noted: string }
  | { readonly refused: string };

export type Keys = Readonly<Record<string, KeyRow>>;
export type ForeignKeys = Readonly<Record<string, ForeignRow>>;

export interface Valued<T> {
  readonly value: T;
  readonly place: Place;
}

export interface NamedPair {
  readonly name: string;
  /** Undefined for a name alone, which takes its value from the environment. */
  readonly value: string | undefined;
  readonly place: Place;
}

export interface NamedValue<T> {
  readonly name: string;
  /** Of what could not be read, as much as is sound: an object may be empty. */
  readonly value: T;
  /** Nothing in it is wrong: what is missing is not there because of a mistake. */
  readonly isSound: boolean;
  readonly place: Place;
}

export type Decoded<T extends ValueType> = T extends { readonly kind: "text" | "choice" } ? string
  : T extends { readonly kind: "boolean" } ? boolean
  : T extends { readonly kind: "integer" | "duration" } ? number
  : T extends { readonly kind: "words" } ? readonly string[]
  : T extends { readonly kind: "pairs" } ? readonly NamedPair[]
  : T extends { readonly kind: "list"; readonly of: infer Of extends ValueType }
    ? readonly Valued<Decoded<Of>>[]
  : T extends { readonly kind: "object"; readonly keys: infer K extends Keys } ? ObjectOf<K>
  : T extends { readonly kind: "entries"; readonly of: infer Of extends ValueType }
    ? readonly NamedValue<Decoded<Of>>[]
  : T extends { readonly kind: "either"; readonly of: readonly (infer Of)[] }
    ? Of extends ValueType ? Decoded<Of> : never
  : never;

/** What was read of an object: the keys that are there and sound. */
export type ObjectOf<K extends Keys> = {
  readonly [Name in keyof K]?: Valued<Decoded<K[Name]["type"]>>;
};
