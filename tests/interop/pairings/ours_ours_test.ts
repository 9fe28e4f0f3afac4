/** hexad supervises and commands. */
import { registerCases } from "../cases.ts";
import { OURS_OURS } from "../pairing.ts";

registerCases(OURS_OURS);
