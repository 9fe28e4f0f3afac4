/**
 * What a client of a holder may do, as the environment of the rule about it says. Source: s6,
 * doc/s6-fdholderd.html, "Configuration". Pure.
 */

export interface GrantedRights {
  readonly mayList: boolean;
  readonly mayGetDump: boolean;
  readonly maySetDump: boolean;
  /** Extended regular expressions of names; undefined: none may. */
  readonly storePattern: string | undefined;
  readonly retrievePattern: string | undefined;
}

/** @param env Variables of a rule; one without a value gives nothing. */
export function grantedRights(
  env: readonly (readonly [name: string, value: string | undefined])[],
): GrantedRights {
  const values = new Map(env);
  const grants = (what: string): boolean => values.get(`S6_FDHOLDER_${what}`) !== undefined;
  return {
    mayList: grants("LIST"),
    mayGetDump: grants("GETDUMP"),
    maySetDump: grants("SETDUMP"),
    storePattern: values.get("S6_FDHOLDER_STORE_REGEX"),
    retrievePattern: values.get("S6_FDHOLDER_RETRIEVE_REGEX"),
  };
}
