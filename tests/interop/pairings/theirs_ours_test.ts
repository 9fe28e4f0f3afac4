/** C s6 supervises, hexad commands. */
import { registerCases } from "../cases.ts";
import { THEIRS_OURS } from "../pairing.ts";

registerCases(THEIRS_OURS);
