/**
 * with-contenv, with-contenv-legacy: run a program in the container's environment. Source:
 * s6-overlay 3.2.3 and 2.2.0.3, with-contenv.
 */
import { withContenv } from "../../lib/overlay/contenv.ts";
import type { LinkModule } from "../context.ts";

export const table: LinkModule["table"] = {
  summary: "Runs a program in the environment that the container was started with.",
  usage: "prog...",
  options: [],
  exits: [
    ["100", "no program given"],
    ["111", "the container's environment can't be read"],
    ["126", "the program can't be executed"],
    ["127", "the program was not found"],
  ],
  example: "#!/command/with-contenv sh",
};

export const link = withContenv;
