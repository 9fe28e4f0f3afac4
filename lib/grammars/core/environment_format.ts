/** The grammars of files of variables. Pure. */
export const ENVIRONMENT_FORMATS = ["systemd", "foreman", "docker"] as const;
export type EnvironmentFormat = (typeof ENVIRONMENT_FORMATS)[number];
