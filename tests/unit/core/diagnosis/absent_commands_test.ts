/** Whatever an image of any version of s6-overlay had is provided, or named with what to write. */
import { assertEquals, assertMatch } from "@std/assert";
import { insteadOf } from "../../../../lib/core/diagnosis/absent_commands.ts";
import {
  COMMANDS,
  LINKS,
  OVERLAY_COMMANDS,
  TOOLS,
  UNLINKED_LINKS,
} from "../../../../cmd/registry.ts";

/** All that package/modes has named in any release since 2.0.0.0, by project. */
const RELEASED: Readonly<Record<string, string>> = {
  "s6-portable-utils":
    "s6-basename s6-cat s6-chmod s6-chown s6-clock s6-cut s6-dirname s6-dumpenv s6-echo s6-env s6-expr s6-false s6-format-filter s6-grep s6-head s6-hiercopy s6-linkname s6-ln s6-ls s6-maximumtime s6-mkdir s6-mkfifo s6-nice s6-nuke s6-pause s6-printenv s6-quote s6-quote-filter s6-rename s6-rmrf s6-seq s6-sleep s6-sort s6-sync s6-tai64ndiff s6-tail s6-test s6-touch s6-true s6-uniquename s6-unquote s6-unquote-filter s6-update-symlinks seekablepipe",
  "s6-linux-utils":
    "fstab2s6rc rngseed s6-chroot s6-devd s6-fillurandompool s6-freeramdisk s6-halt s6-hiercopy s6-hostname s6-logwatch s6-mount s6-pivotchroot s6-poweroff s6-ps s6-reboot s6-swapoff s6-swapon s6-uevent-listener s6-uevent-spawner s6-umount",
  "execline":
    "background backtick case cd define dollarat elgetopt elgetpositionals elglob eltest emptyenv envfile exec execline-cd execline-umask execlineb exit export export-array fdblock fdclose fdmove fdreserve fdswap forbacktickx foreground forstdin forx getcwd getpid heredoc homeof if ifelse ifte ifthenelse import importas loopwhilex multidefine multisubstitute pipeline piperw posix-cd posix-umask redirfd runblock shift trap tryexec umask unexport wait withstdinas",
  "s6":
    "s6-accessrules-cdb-from-fs s6-accessrules-fs-from-cdb s6-alias s6-alias-chpst s6-alias-sv s6-applyuidgid s6-background-watch s6-cleanfifodir s6-connlimit s6-envdir s6-envuidgid s6-fdholder-daemon s6-fdholder-delete s6-fdholder-deletec s6-fdholder-getdump s6-fdholder-getdumpc s6-fdholder-list s6-fdholder-listc s6-fdholder-retrieve s6-fdholder-retrievec s6-fdholder-setdump s6-fdholder-setdumpc s6-fdholder-store s6-fdholder-storec s6-fdholder-transferdump s6-fdholder-transferdumpc s6-fdholderd s6-fghack s6-ftrig-listen s6-ftrig-listen1 s6-ftrig-notify s6-ftrig-wait s6-ftrigrd s6-instance-control s6-instance-create s6-instance-delete s6-instance-list s6-instance-maker s6-instance-status s6-ioconnect s6-ipcclient s6-ipcserver s6-ipcserver-access s6-ipcserver-socketbinder s6-ipcserverd s6-log s6-mkfifodir s6-notify-fd-from-socket s6-notify-socket-from-fd s6-notifyoncheck s6-notifywhenup s6-permafailon s6-setlock s6-setsid s6-setuidgid s6-socklog s6-softlimit s6-sudo s6-sudoc s6-sudod s6-supervise s6-svc s6-svdt s6-svdt-clear s6-svlink s6-svlisten s6-svlisten1 s6-svok s6-svperms s6-svscan s6-svscanboot s6-svscanctl s6-svstat s6-svunlink s6-svwait s6-tai64n s6-tai64nlocal s6-usertree-maker s6lockd s6lockd-helper ucspilogd",
  "s6-networking":
    "minidentd proxy-server s6-clockadd s6-clockview s6-getservbyname s6-ident-client s6-sntpclock s6-taiclock s6-taiclockd s6-tcpclient s6-tcpserver s6-tcpserver-access s6-tcpserver-socketbinder s6-tcpserver4 s6-tcpserver4-socketbinder s6-tcpserver4d s6-tcpserver6 s6-tcpserver6-socketbinder s6-tcpserver6d s6-tcpserverd s6-tlsc s6-tlsc-io s6-tlsclient s6-tlsd s6-tlsd-io s6-tlsserver s6-ucspitlsc s6-ucspitlsd",
  "s6-dns":
    "s6-dns-hosts-compile s6-dnsip4 s6-dnsip4-filter s6-dnsip6 s6-dnsip6-filter s6-dnsmx s6-dnsname s6-dnsname-filter s6-dnsns s6-dnsq s6-dnsqr s6-dnsqualify s6-dnssoa s6-dnssrv s6-dnstxt s6-randomip skadnsd",
  "s6-overlay":
    "fix-attrs justc-envdir logutil-newfifo logutil-service printcontenv s6-overlay-preinit s6-overlay-suexec with-contenv with-retries",
};

const OURS = new Set(
  [COMMANDS, TOOLS, LINKS, UNLINKED_LINKS, OVERLAY_COMMANDS].flatMap(Object.keys),
);

for (const [project, names] of Object.entries(RELEASED)) {
  Deno.test(`${project}: each command that it ever had is ours, or there is something to write instead, and never both`, () => {
    const neither: string[] = [];
    for (const name of names.split(" ")) {
      const instead = insteadOf(name);
      if (OURS.has(name)) assertEquals(instead, undefined, `${name} is a command of ours now`);
      else if (instead === undefined) neither.push(name);
      else assertMatch(instead, /^(write|use|leave it out|let|check|make|mount|echo)\b/);
    }
    assertEquals(neither, []);
  });
}

Deno.test("insteadOf() knows paths, and nothing of others' programs", () => {
  assertEquals(insteadOf("/bin/s6-ps"), insteadOf("s6-ps"));
  for (const name of ["nginx", "s6-svc", "import", "/usr/bin/ps", ""]) {
    assertEquals(insteadOf(name), undefined, name);
  }
});
