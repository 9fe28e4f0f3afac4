/**
 * s6-instance-control and s6-instance-status: s6-svc and s6-svstat on an instance. Source: s6,
 * doc/s6-instance-control.html, s6-instance-status.html, instance/*.c.
 */
import { EXIT_USAGE } from "../core/cli/exit_codes.ts";
import { needWords } from "../execline/arguments.ts";
import type { Link, LinkResult } from "../execline/link.ts";
import { LinkFailure } from "../execline/link_failure.ts";
import { checkInstanceName } from "./instances.ts";

/** @param withValue Options that take a value. */
function onInstance(command: string, withValue: readonly string[]): Link {
  return {
    nature: "waits",
    run({ options, words }): LinkResult {
      needWords(words, 2, "a service and the name of an instance are");
      const [service = "", name = ""] = words.texts;
      if (service === "") throw new LinkFailure(EXIT_USAGE, "invalid service name");
      checkInstanceName(name);
      const given = options.flatMap((option) =>
        withValue.includes(option.name) ? [`-${option.name}`, option.value] : [`-${option.name}`]
      );
      const instance = `${service}/instance/${name}`;
      return {
        words: words.slice(words.length).behind(command, ...given, "--", instance),
        own: command,
      };
    },
  };
}

/** s6-instance-control [ options of s6-svc ] service instancename */
export const control: Link = onInstance("s6-svc", ["T", "w", "s"]);

/** s6-instance-status [ options of s6-svstat ] service instancename */
export const status: Link = onInstance("s6-svstat", ["o"]);
