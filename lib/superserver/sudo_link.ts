/** s6-sudo: connects to a server of s6-sudod. Source: s6, doc/s6-sudo.html, conn-tools/s6-sudo.c. */
import { needWords, parseNumber } from "../execline/arguments.ts";
import type { Link, LinkResult } from "../execline/link.ts";
import { connectChain } from "./client_links.ts";

/** The command that asks the server. */
const CLIENT = "s6-sudoc";

/** s6-sudo [ -q | -Q | -v ] [ -p bindpath ] [ -l localname ] [ -e ] [ -t timeoutconn ] [ -T timeoutrun ] path [ args... ] */
export const sudo: Link = {
  nature: "waits",
  run(call): LinkResult {
    const { words, flag, value } = call;
    const connecting = parseNumber("timeout", value("t") ?? "0");
    const running = parseNumber("timeout", value("T") ?? "0");
    needWords(words, 1, "a path is");
    connectChain(call, words.first!);
    const client = [
      CLIENT,
      ...(flag("e") ? ["-e"] : []),
      "-t",
      `${connecting}`,
      "-T",
      `${running}`,
    ];
    return { words: words.slice(1).behind(...client, "--"), own: CLIENT };
  },
};
