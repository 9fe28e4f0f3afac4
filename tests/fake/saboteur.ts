/**
 * A port on which one call, or every call of one kind, throws what nobody expects: instead of what
 * it should do, or after having done it.
 */

/** The one that is thrown. */
export const SABOTAGE = "sabotage";

export interface Sabotage {
  /**
   * The number of the call that throws, from 0; or the name of the method that throws whenever it
   * is called.
   */
  readonly at: number | string;
  readonly when: "before" | "after";
}

export class Saboteur {
  /** The calls so far, by name. */
  readonly calls: string[] = [];
  sabotage: Sabotage | undefined;

  constructor(sabotage?: Sabotage) {
    this.sabotage = sabotage;
  }

  #strikes(name: string): Sabotage["when"] | undefined {
    const number = this.calls.push(name) - 1;
    const { at, when } = this.sabotage ?? {};
    return at === number || at === name ? when : undefined;
  }

  /** `port` as it is seen through the saboteur. */
  disguise<T extends object>(port: T): T {
    return new Proxy(port, {
      get: (target, name) => {
        const value = Reflect.get(target, name, target);
        if (typeof value !== "function" || typeof name !== "string") return value;
        return (...args: unknown[]): unknown => {
          const strike = this.#strikes(name);
          if (strike === "before") throw new TypeError(SABOTAGE);
          const result = value.apply(target, args);
          if (strike === "after") throw new TypeError(SABOTAGE);
          return result;
        };
      },
    });
  }
}
