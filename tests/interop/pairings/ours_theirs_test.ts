/** hexad supervises, C s6 commands. */
import { registerCases } from "../cases.ts";
import { OURS_THEIRS } from "../pairing.ts";

registerCases(OURS_THEIRS);
