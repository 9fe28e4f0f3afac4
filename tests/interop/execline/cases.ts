/** All chains of the differential test. */
import { BLOCK_CASES } from "./cases/block_cases.ts";
import { DESCRIPTOR_CASES } from "./cases/descriptor_cases.ts";
import { ELTEST_CASES } from "./cases/eltest_cases.ts";
import { LOOP_CASES } from "./cases/loop_cases.ts";
import { PARSER_CASES } from "./cases/parser_cases.ts";
import { POSITIONAL_CASES } from "./cases/positional_cases.ts";
import { PROCESS_CASES } from "./cases/process_cases.ts";
import { SUBSTITUTION_CASES } from "./cases/substitution_cases.ts";
import { VARIABLE_CASES } from "./cases/variable_cases.ts";
import type { ChainCase } from "./chain_case.ts";

export const CASES: readonly ChainCase[] = [
  ...PARSER_CASES,
  ...VARIABLE_CASES,
  ...SUBSTITUTION_CASES,
  ...DESCRIPTOR_CASES,
  ...BLOCK_CASES,
  ...LOOP_CASES,
  ...POSITIONAL_CASES,
  ...PROCESS_CASES,
  ...ELTEST_CASES,
];
