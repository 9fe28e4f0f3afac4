/**
 * The commands that have a file of their own with all that they need, by name. From the sources
 * there are none; the build puts another module in the place of this one
 * (tools/build/commands_alone.ts).
 */
export interface CommandAlone {
  /** Runs the command. Returns its exit code. */
  run(name: string): Promise<number>;
}

export const ALONE: Readonly<Record<string, () => Promise<CommandAlone>>> = {};
