/**
 * s6-chroot and s6-pivotchroot: another root for the program that follows, which is looked for
 * there. Source: s6-linux-utils, s6-chroot.c, s6-pivotchroot.c.
 */
import { needWords } from "../execline/arguments.ts";
import { goOn, type Link, type LinkResult } from "../execline/link.ts";
import { checked } from "../libc/bind.ts";
import { chroot, pivotRoot } from "../libc/machine/root.ts";

/** s6-chroot newroot prog... */
export const chrootLink: Link = {
  nature: "process",
  run({ state, words }): LinkResult {
    needWords(words, 2, "a directory and a program are");
    const dir = words.first!;
    checked(`chdir to ${dir}`, state.chdir(dir));
    checked(`chroot in ${dir}`, chroot("."));
    return goOn(words.slice(1));
  },
};

/** s6-pivotchroot newroot putold prog... */
export const pivotchrootLink: Link = {
  nature: "process",
  run({ state, words }): LinkResult {
    needWords(words, 3, "a new root, a place for the old one and a program are");
    const dir = words.first!;
    checked(`chdir to ${dir}`, state.chdir(dir));
    checked("pivot_root", pivotRoot(".", words.at(1)!));
    checked("chroot", chroot("."));
    return goOn(words.slice(2));
  },
};
