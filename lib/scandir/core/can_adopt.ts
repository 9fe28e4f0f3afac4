/**
 * What a program says that is asked whether it can go on with a state of some form: one line, so
 * that no other program that exits with 0 is taken for one that can. Pure.
 */

/** The hidden option of `hexad reexec` that asks; its value is the form. */
export const CAN_ADOPT_OPTION = "--can-adopt";

export function adoptionAnswer(version: string, form: number): string {
  return `hexad ${version} can adopt form ${form}\n`;
}

/** The version of the program that has said it; `undefined` if it has said anything else. */
export function versionThatCanAdopt(answer: string, form: number): string | undefined {
  const [, version, told] = /^hexad (\S+) can adopt form (\d+)\n$/.exec(answer) ?? [];
  return told === String(form) ? version : undefined;
}
