/** Debian's s6 with itself: the sanity of the cases. */
import { registerCases } from "../cases.ts";
import { THEIRS_THEIRS } from "../pairing.ts";

registerCases(THEIRS_THEIRS);
