/** Types of what we use of `@std/cli`, no wider than those of the JSR package. */

/** @typeParam B names of options without a value; @typeParam S names of options with one */
export interface ParseOptions<B extends string, S extends string> {
  readonly boolean?: readonly B[];
  readonly string?: readonly S[];
  readonly alias?: Readonly<Record<string, string | readonly string[]>>;
  readonly default?: Readonly<Record<string, unknown>>;
  readonly collect?: readonly string[];
  readonly stopEarly?: boolean;
  readonly unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

export type Args<B extends string, S extends string> =
  & { readonly _: readonly (string | number)[] }
  & { readonly [K in B]: boolean }
  & { readonly [K in S]: string | undefined };

export declare function parseArgs<const B extends string = never, const S extends string = never>(
  args: readonly string[],
  options?: ParseOptions<B, S>,
): Args<B, S>;
