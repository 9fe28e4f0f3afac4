/** The grammars of files of variables, and what is read from one. Pure. */
export const ENVIRONMENT_FORMATS = ["systemd", "foreman", "docker", "compose"] as const;
export type EnvironmentFormat = (typeof ENVIRONMENT_FORMATS)[number];

export interface FileVariables {
  readonly variables: readonly (readonly [name: string, value: string])[];
  /** Lines that the origin skips with a warning. */
  readonly faults: readonly { readonly line: number; readonly text: string }[];
}
