/** The grammars in which files of variables are written. Pure. */
export const ENVIRONMENT_FORMATS = ["systemd", "foreman", "docker"] as const;
export type EnvironmentFormat = (typeof ENVIRONMENT_FORMATS)[number];
