/**
 * Links that substitute variables in what follows. Source: execline, doc/el_substitute.html and the
 * pages of each.
 */
import {
  multisubstitute,
  SUBSTITUTION_OPTIONS,
  substitutionLink,
} from "../../lib/execline/substitution.ts";
import type { LinkModule } from "../context.ts";
import { LINK_EXITS } from "./exits.ts";

const VALUE_USAGE = "[ -N | -n ] [ -s ] [ -C | -c ] [ -d delim ]";

export const SUBSTITUTION_LINKS = {
  define: {
    table: {
      summary: "Substitutes a value for $key and ${key}.",
      usage: `${VALUE_USAGE} key value prog...`,
      options: SUBSTITUTION_OPTIONS.define,
      exits: LINK_EXITS,
      example: "define -s LIST 'a b c' s6-echo $LIST",
    },
    link: substitutionLink("define"),
  },
  elgetpositionals: {
    table: {
      summary: "Substitutes the positional parameters: $#, $0, $1 and so on, and $@.",
      usage: "[ -P num ] prog...",
      options: SUBSTITUTION_OPTIONS.elgetpositionals,
      exits: LINK_EXITS,
      example: "elgetpositionals s6-echo $@",
    },
    link: substitutionLink("elgetpositionals"),
  },
  elglob: {
    table: {
      summary: "Substitutes the names of files that match a pattern.",
      usage: "[ -v ] [ -w ] [ -s ] [ -m ] [ -e ] [ -0 ] [ -n ] [ -d delim ] key pattern prog...",
      options: SUBSTITUTION_OPTIONS.elglob,
      exits: LINK_EXITS,
      example: "elglob -s FILES /etc/*.conf s6-ls $FILES",
    },
    link: substitutionLink("elglob"),
  },
  import: {
    table: {
      summary:
        "Substitutes a variable of the environment, as importas -S does: for scripts of execline before 2.2.",
      usage: `[ -i | -D default ] [ -u ] ${VALUE_USAGE} var prog...`,
      options: SUBSTITUTION_OPTIONS.import,
      exits: LINK_EXITS,
      example: "import -D /tmp TMPDIR s6-ls $TMPDIR",
    },
    link: substitutionLink("import"),
  },
  importas: {
    table: {
      summary: "Substitutes a variable of the environment.",
      usage:
        `[ -i | -D default ] [ -u ] ${VALUE_USAGE} key var prog...\n       importas -S [ options ] var prog...`,
      options: SUBSTITUTION_OPTIONS.importas,
      exits: LINK_EXITS,
      example: "importas -D /tmp DIR TMPDIR s6-ls $DIR",
    },
    link: substitutionLink("importas"),
  },
  multidefine: {
    table: {
      summary: "Splits a value and substitutes its words for several variables.",
      usage: "[ -0 ] [ -r ] [ -N | -n ] [ -C | -c ] [ -d delim ] value { vars... } prog...",
      options: SUBSTITUTION_OPTIONS.multidefine,
      exits: LINK_EXITS,
      example: "multidefine -d : web:8080 { HOST PORT } ./connect $HOST $PORT",
    },
    link: substitutionLink("multidefine"),
  },
  multisubstitute: {
    table: {
      summary:
        "Does several substitutions at once: define, importas, elglob, elgetpositionals, multidefine.",
      usage: "{ directives... } prog...",
      options: [],
      exits: LINK_EXITS,
      example:
        "multisubstitute { importas -u USER USER define GREETING hello } s6-echo $GREETING $USER",
    },
    link: multisubstitute,
  },
} as const satisfies Readonly<Record<string, LinkModule>>;
