/**
 * docs/commands.md has an answer for every command of the suites that hexad stands in for: it is
 * here, or a table says why it is not.
 */
import { assert, assertEquals } from "@std/assert";
import {
  COMMANDS,
  COMPAT_COMMANDS,
  COMPAT_LINKS,
  LINKS,
  OVERLAY_COMMANDS,
  TOOLS,
} from "../../cmd/registry.ts";
import { ROOT } from "../../tools/layout.ts";

/** Source: package/modes of each project; the builder of s6-overlay 3; man pages of the others. */
const SUITES: Readonly<Record<string, string>> = {
  "s6 2.15.1":
    "ucspilogd s6-alias s6-alias-chpst s6-alias-sv s6-ftrigrd s6-ftrig-listen1 s6-ftrig-listen s6-ftrig-notify s6-ftrig-wait s6-cleanfifodir s6-mkfifodir s6-svscan s6-svscanboot s6-supervise s6-svc s6-svlink s6-svunlink s6-svscanctl s6-svok s6-svstat s6-svdt s6-svdt-clear s6-svwait s6-svlisten1 s6-svlisten s6-background-watch s6-svperms s6-notifyoncheck s6-notify-fd-from-socket s6-notify-socket-from-fd s6-permafailon s6-applyuidgid s6-envdir s6-envuidgid s6-fghack s6-log s6-setlock s6-setsid s6-setuidgid s6-softlimit s6-socklog s6-tai64n s6-tai64nlocal s6-accessrules-cdb-from-fs s6-accessrules-fs-from-cdb s6-connlimit s6-ioconnect s6-ipcclient s6-ipcserver-access s6-ipcserver-socketbinder s6-ipcserver s6-ipcserverd s6-sudo s6-sudoc s6-sudod s6-fdholder-daemon s6-fdholderd s6-fdholder-delete s6-fdholder-deletec s6-fdholder-store s6-fdholder-storec s6-fdholder-retrieve s6-fdholder-retrievec s6-fdholder-list s6-fdholder-listc s6-fdholder-getdump s6-fdholder-getdumpc s6-fdholder-setdump s6-fdholder-setdumpc s6-fdholder-transferdump s6-fdholder-transferdumpc s6-usertree-maker s6-instance-maker s6-instance-create s6-instance-delete s6-instance-control s6-instance-status s6-instance-list",
  "execline 2.9":
    "background backtick case cd define dollarat elgetopt elgetpositionals elglob eltest emptyenv envfile exec execline-cd execline-umask execlineb exit export export-array fdblock fdclose fdmove fdreserve fdswap forbacktickx foreground forstdin forx getcwd getpid heredoc homeof if ifelse ifte ifthenelse importas loopwhilex multidefine multisubstitute pipeline piperw posix-cd posix-umask redirfd runblock shift trap tryexec umask unexport wait withstdinas",
  "s6-portable-utils":
    "s6-basename s6-cat s6-chmod s6-chown s6-clock s6-cut s6-dirname s6-dumpenv s6-echo s6-env s6-expr s6-false s6-format-filter s6-grep s6-head s6-hiercopy s6-linkname s6-ln s6-ls s6-maximumtime s6-mkdir s6-mkfifo s6-nice s6-nuke s6-pause s6-printenv s6-quote s6-quote-filter s6-rename s6-rmrf s6-seq s6-sleep s6-sort s6-sync s6-tai64ndiff s6-tail s6-test s6-touch s6-true s6-uniquename s6-unquote s6-unquote-filter s6-update-symlinks seekablepipe",
  "s6-linux-utils":
    "fstab2s6rc rngseed s6-chroot s6-devd s6-freeramdisk s6-hostname s6-logwatch s6-mount s6-pivotchroot s6-ps s6-swapoff s6-swapon s6-uevent-listener s6-uevent-spawner s6-umount",
  "s6-rc":
    "s6-rc s6-rc-compile s6-rc-db s6-rc-dryrun s6-rc-fdholder-filler s6-rc-format-upgrade s6-rc-init s6-rc-oneshot-run s6-rc-repo-init s6-rc-repo-list s6-rc-repo-sync s6-rc-set-change s6-rc-set-commit s6-rc-set-copy s6-rc-set-delete s6-rc-set-fix s6-rc-set-install s6-rc-set-new s6-rc-set-status s6-rc-update",
  "s6-linux-init":
    "halt poweroff reboot shutdown s6-linux-init s6-linux-init-echo s6-linux-init-hpr s6-linux-init-logouthookd s6-linux-init-maker s6-linux-init-nuke s6-linux-init-shutdown s6-linux-init-shutdownd s6-linux-init-telinit s6-linux-init-umountall",
  "s6-overlay":
    "init with-contenv printcontenv with-retries logutil-service logutil-newfifo fix-attrs justc-envdir s6-overlay-preinit s6-overlay-suexec",
  "runit": "chpst runit runit-init runsv runsvchdir runsvdir sv svlogd utmpset",
  "daemontools":
    "envdir envuidgid fghack multilog pgrphack readproctitle setlock setuidgid softlimit supervise svc svok svscan svscanboot svstat tai64n tai64nlocal",
};

const OURS = new Set(
  [COMMANDS, TOOLS, LINKS, OVERLAY_COMMANDS, COMPAT_COMMANDS, COMPAT_LINKS].flatMap(Object.keys),
);

/** The names in the first column of the tables that say why something is not here. */
function absentNames(text: string): readonly string[] {
  const tables = text.split(/\n\n/).filter((block) =>
    /^\| *command *\| *(why|because) *\|/.test(block)
  );
  return tables.flatMap((table) =>
    table.trimEnd().split("\n").slice(2).flatMap((row) =>
      [...row.split("|")[1]!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!)
    )
  );
}

const DOCUMENT = Deno.readTextFileSync(`${ROOT}/docs/commands.md`);
const ABSENT = absentNames(DOCUMENT);

for (const [suite, names] of Object.entries(SUITES)) {
  Deno.test(`docs/commands.md: each command of ${suite} is ours, or it is said why it is not`, () => {
    const unanswered = names.split(" ").filter((name) =>
      OURS.has(name) ? !DOCUMENT.includes(`\`${name}\``) : !ABSENT.includes(name)
    );
    assertEquals(unanswered, []);
  });
}

Deno.test("docs/commands.md: nothing is told to be absent that is ours, or told twice", () => {
  assert(ABSENT.length > 20);
  assertEquals(ABSENT.filter((name) => OURS.has(name)), []);
  assertEquals(ABSENT.filter((name, i) => ABSENT.indexOf(name) !== i), []);
});
