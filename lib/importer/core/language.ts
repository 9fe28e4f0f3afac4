/** In which language scripts are written, and which form loggers have. Pure. */
import type { LogForm } from "./service_plan.ts";

export interface Language {
  readonly kind: "sh" | "execline";
  /** What stands behind #!. */
  readonly interpreter: string;
}

export interface ImportOptions extends Language {
  readonly logForm: LogForm;
}
