/**
 * The version of hexad, from its one source of truth. The build puts the number itself here, since
 * the rest of deno.json would be in every command.
 */
import project from "../deno.json" with { type: "json" };

export const VERSION: string = project.version;
