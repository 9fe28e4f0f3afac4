/** The language of scripts, and the form of loggers. Pure. */
import type { LogForm } from "./service_plan.ts";

export interface Language {
  readonly kind: "sh" | "execline";
  /** The interpreter after #!. */
  readonly interpreter: string;
}

export interface ImportOptions extends Language {
  readonly logForm: LogForm;
}
