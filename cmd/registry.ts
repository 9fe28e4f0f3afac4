/**
 * Every command, by the name it is called by. Each is a chunk of its own that is loaded when it is
 * called; those of execline share a few.
 *
 * What a command is to a chain depends on its table: docs/chain.md.
 */
import {
  HEREDOC_WRITER,
  LIMITED_STARTER,
  ORPHAN_STARTER,
  READINESS_POLLER,
} from "../lib/core/cli/internal_commands.ts";
import type { CommandModule, LinkModule } from "./context.ts";

/** Programs: in a chain they get a process of their own. */
// deno-fmt-ignore
export const COMMANDS: Readonly<Record<string, () => Promise<CommandModule>>> = {
  "s6-accessrules-cdb-from-fs": () => import("./accessrules/cdb_from_fs.ts"),
  "s6-accessrules-fs-from-cdb": () => import("./accessrules/fs_from_cdb.ts"),
  "s6-cleanfifodir": () => import("./fifodir/cleanfifodir.ts"),
  "s6-fdholder-delete": () => import("./fdholder/delete.ts"),
  "s6-fdholder-list": () => import("./fdholder/list.ts"),
  "s6-fdholder-setdump": () => import("./fdholder/setdump.ts"),
  "s6-fdholder-store": () => import("./fdholder/store.ts"),
  "s6-fdholder-transferdump": () => import("./fdholder/transferdump.ts"),
  "s6-fdholderd": () => import("./fdholder/fdholderd.ts"),
  "s6-ftrig-listen": () => import("./fifodir/ftrig_listen.ts"),
  "s6-ftrig-listen1": () => import("./fifodir/ftrig_listen1.ts"),
  "s6-ftrig-notify": () => import("./fifodir/ftrig_notify.ts"),
  "s6-ftrig-wait": () => import("./fifodir/ftrig_wait.ts"),
  "s6-instance-create": () => import("./instances/create.ts"),
  "s6-instance-delete": () => import("./instances/delete.ts"),
  "s6-instance-list": () => import("./instances/list.ts"),
  "s6-instance-maker": () => import("./instances/maker.ts"),
  "s6-ioconnect": () => import("./superserver/ioconnect.ts"),
  "s6-ipcserverd": () => import("./superserver/ipcserverd.ts"),
  "s6-log": () => import("./log/log.ts"),
  "s6-logwatch": () => import("./machine/logwatch.ts"),
  "s6-mkfifodir": () => import("./fifodir/mkfifodir.ts"),
  "s6-notify-fd-from-socket": () => import("./supervision/notify_fd_from_socket.ts"),
  "s6-notify-socket-from-fd": () => import("./supervision/notify_socket_from_fd.ts"),
  "s6-nuke": () => import("./utilities/nuke.ts"),
  "s6-pause": () => import("./utilities/pause.ts"),
  "s6-rc": () => import("./rc/s6_rc.ts"),
  "s6-rc-compile": () => import("./rc/compile.ts"),
  "s6-rc-db": () => import("./rc/db.ts"),
  "s6-rc-dryrun": () => import("./rc/dryrun.ts"),
  "s6-rc-format-upgrade": () => import("./rc/format_upgrade.ts"),
  "s6-rc-init": () => import("./rc/init.ts"),
  "s6-rc-update": () => import("./rc/update.ts"),
  "s6-socklog": () => import("./log/socklog.ts"),
  "s6-sudoc": () => import("./superserver/sudoc.ts"),
  "s6-sudod": () => import("./superserver/sudod.ts"),
  "s6-supervise": () => import("./supervision/supervise.ts"),
  "s6-svc": () => import("./supervision/svc.ts"),
  "s6-svdt": () => import("./supervision/svdt.ts"),
  "s6-svdt-clear": () => import("./supervision/svdt_clear.ts"),
  "s6-svlink": () => import("./supervision/svlink.ts"),
  "s6-svok": () => import("./supervision/svok.ts"),
  "s6-svperms": () => import("./supervision/svperms.ts"),
  "s6-svscan": () => import("./supervision/svscan.ts"),
  "s6-svscanboot": () => import("./supervision/svscanboot.ts"),
  "s6-svscanctl": () => import("./supervision/svscanctl.ts"),
  "s6-svstat": () => import("./supervision/svstat.ts"),
  "s6-svunlink": () => import("./supervision/svunlink.ts"),
  "s6-svwait": () => import("./supervision/svwait.ts"),
  "s6-tai64n": () => import("./log/tai64n.ts"),
  "s6-tai64nlocal": () => import("./log/tai64nlocal.ts"),
  "s6-usertree-maker": () => import("./instances/usertree_maker.ts"),
  "ucspilogd": () => import("./log/ucspilogd.ts"),
  "with-retries": () => import("./overlay/with_retries.ts"),
};

/**
 * Commands of the overlay that must not be in a directory of PATH: their names are those of others'
 * programs, or of any script.
 */
// deno-fmt-ignore
export const OVERLAY_COMMANDS: Readonly<Record<string, () => Promise<CommandModule>>> = {
  "halt": () => import("./overlay/halt.ts"),
  "init": () => import("./overlay/init.ts"),
  "init-stage1": () => import("./overlay/init.ts"),
  "init-stage2": () => import("./overlay/init_stage.ts"),
  "init-stage3": () => import("./overlay/init_stage.ts"),
  "poweroff": () => import("./overlay/halt.ts"),
  "reboot": () => import("./overlay/halt.ts"),
  "shutdown": () => import("./overlay/shutdown.ts"),
};

/**
 * The commands of other suites that hexad can stand in for, by suite. Only who asks for a suite gets
 * links with these names: hexad --install --compat SUITE DIR, and the tarball hexad-compat.
 */
// deno-fmt-ignore
export const COMPAT_COMMANDS: Readonly<Record<string, () => Promise<CommandModule>>> = {
  "dockerfiles": () => import("./hexad/images/images.ts"),
  "multilog": () => import("./compat/multilog.ts"),
  "my_init": () => import("./compat/my_init.ts"),
  "runsv": () => import("./compat/runsv.ts"),
  "runsvdir": () => import("./compat/runsvdir.ts"),
  "supervise": () => import("./compat/supervise.ts"),
  "supervisorctl": () => import("./compat/supervisorctl.ts"),
  "sv": () => import("./compat/sv.ts"),
  "svc": () => import("./compat/svc.ts"),
  "svlogd": () => import("./compat/svlogd.ts"),
  "svok": () => import("./compat/svok.ts"),
  "svscan": () => import("./compat/svscan.ts"),
  "svstat": () => import("./compat/svstat.ts"),
  "tai64n": async () => (await import("./compat/tai64n.ts")).TAI64N,
  "tai64nlocal": async () => (await import("./compat/tai64n.ts")).TAI64NLOCAL,
};

/** Small commands that use nothing but their context: in a chain they run within its process. */
// deno-fmt-ignore
export const TOOLS: Readonly<Record<string, () => Promise<CommandModule>>> = {
  "dollarat": () => import("./execline/dollarat.ts"),
  "fix-attrs": () => import("./overlay/fix_attrs.ts"),
  "homeof": () => import("./execline/homeof.ts"),
  "logutil-newfifo": () => import("./log/logutil_newfifo.ts"),
  "printcontenv": () => import("./overlay/printcontenv.ts"),
  "s6-basename": () => import("./utilities/basename.ts"),
  "s6-cat": () => import("./filters/cat.ts"),
  "s6-chmod": () => import("./utilities/chmod.ts"),
  "s6-chown": () => import("./utilities/chown.ts"),
  "s6-clock": () => import("./utilities/clock.ts"),
  "s6-cut": () => import("./filters/cut.ts"),
  "s6-dirname": () => import("./utilities/dirname.ts"),
  "s6-dumpenv": () => import("./utilities/dumpenv.ts"),
  "s6-echo": () => import("./utilities/echo.ts"),
  "s6-expr": () => import("./utilities/expr.ts"),
  "s6-false": () => import("./utilities/false.ts"),
  "s6-format-filter": () => import("./filters/format_filter.ts"),
  "s6-freeramdisk": () => import("./machine/freeramdisk.ts"),
  "s6-grep": () => import("./filters/grep.ts"),
  "s6-head": () => import("./filters/head.ts"),
  "s6-hiercopy": () => import("./utilities/hiercopy.ts"),
  "s6-hostname": () => import("./machine/hostname.ts"),
  "s6-linkname": () => import("./utilities/linkname.ts"),
  "s6-ln": () => import("./utilities/ln.ts"),
  "s6-ls": () => import("./utilities/ls.ts"),
  "s6-mkdir": () => import("./utilities/mkdir.ts"),
  "s6-mkfifo": () => import("./utilities/mkfifo.ts"),
  "s6-mount": () => import("./machine/mount.ts"),
  "s6-printenv": () => import("./utilities/printenv.ts"),
  "s6-quote": () => import("./filters/quote.ts"),
  "s6-quote-filter": () => import("./filters/quote_filter.ts"),
  "s6-rename": () => import("./utilities/rename.ts"),
  "s6-rmrf": () => import("./utilities/rmrf.ts"),
  "s6-seq": () => import("./utilities/seq.ts"),
  "s6-sort": () => import("./filters/sort.ts"),
  "s6-swapoff": () => import("./machine/swapoff.ts"),
  "s6-swapon": () => import("./machine/swapon.ts"),
  "s6-sync": () => import("./utilities/sync.ts"),
  "s6-tail": () => import("./filters/tail.ts"),
  "s6-touch": () => import("./utilities/touch.ts"),
  "s6-true": () => import("./utilities/true.ts"),
  "s6-umount": () => import("./machine/umount.ts"),
  "s6-uniquename": () => import("./utilities/uniquename.ts"),
  "s6-unquote": () => import("./filters/unquote.ts"),
  "s6-unquote-filter": () => import("./filters/unquote_filter.ts"),
  "s6-update-symlinks": () => import("./utilities/update_symlinks.ts"),
};

// the commands of execline, in the groups in which scripts need them
const blocks = async () => (await import("./execline/blocks.ts")).BLOCK_LINKS;
const control = async () => (await import("./execline/control.ts")).CONTROL_LINKS;
const descriptors = async () => (await import("./execline/descriptors.ts")).DESCRIPTOR_LINKS;
const loops = async () => (await import("./execline/loops.ts")).LOOP_LINKS;
const positionals = async () => (await import("./execline/positionals.ts")).POSITIONAL_LINKS;
const process = async () => (await import("./execline/process.ts")).PROCESS_LINKS;
const substitution = async () => (await import("./execline/substitution.ts")).SUBSTITUTION_LINKS;
const variables = async () => (await import("./execline/variables.ts")).VARIABLE_LINKS;

function execline<N extends string>(
  name: N,
  group: () => Promise<Readonly<Record<N, LinkModule>>>,
): () => Promise<LinkModule> {
  return async () => (await group())[name];
}

function credential(name: string): () => Promise<LinkModule> {
  return async () => (await import("./credentials/links.ts")).CREDENTIAL_LINKS[name]!;
}

function daemontools(name: string): () => Promise<LinkModule> {
  return async () => (await import("./compat/daemontools_links.ts")).DAEMONTOOLS_LINKS[name]!;
}

/** The links among the commands of other suites. */
// deno-fmt-ignore
export const COMPAT_LINKS: Readonly<Record<string, () => Promise<LinkModule>>> = {
  "chpst": () => import("./compat/chpst.ts"),
  "envdir": daemontools("envdir"),
  "envuidgid": daemontools("envuidgid"),
  "fghack": daemontools("fghack"),
  "pgrphack": daemontools("pgrphack"),
  "setlock": daemontools("setlock"),
  "setuidgid": daemontools("setuidgid"),
  "setuser": () => import("./compat/setuser.ts"),
  "softlimit": daemontools("softlimit"),
};

/** Links of chains. */
// deno-fmt-ignore
export const LINKS: Readonly<Record<string, () => Promise<LinkModule>>> = {
  "background": execline("background", blocks),
  "backtick": execline("backtick", variables),
  "case": execline("case", blocks),
  "cd": execline("cd", process),
  "define": execline("define", substitution),
  "elgetopt": execline("elgetopt", positionals),
  "elgetpositionals": execline("elgetpositionals", substitution),
  "elglob": execline("elglob", substitution),
  "eltest": execline("eltest", process),
  "emptyenv": execline("emptyenv", variables),
  "envfile": execline("envfile", variables),
  "exec": execline("exec", control),
  "execline-cd": execline("execline-cd", process),
  "execline-umask": execline("execline-umask", process),
  "execlineb": execline("execlineb", control),
  "exit": execline("exit", control),
  "export": execline("export", variables),
  "export-array": execline("export-array", variables),
  "fdblock": execline("fdblock", descriptors),
  "fdclose": execline("fdclose", descriptors),
  "fdmove": execline("fdmove", descriptors),
  "fdreserve": execline("fdreserve", descriptors),
  "fdswap": execline("fdswap", descriptors),
  "forbacktickx": execline("forbacktickx", loops),
  "foreground": execline("foreground", blocks),
  "forstdin": execline("forstdin", loops),
  "forx": execline("forx", loops),
  "getcwd": execline("getcwd", variables),
  "getpid": execline("getpid", variables),
  "heredoc": execline("heredoc", descriptors),
  "if": execline("if", blocks),
  "ifelse": execline("ifelse", blocks),
  "ifte": execline("ifte", blocks),
  "ifthenelse": execline("ifthenelse", blocks),
  "importas": execline("importas", substitution),
  "loopwhilex": execline("loopwhilex", loops),
  "multidefine": execline("multidefine", substitution),
  "multisubstitute": execline("multisubstitute", substitution),
  "pipeline": execline("pipeline", blocks),
  "piperw": execline("piperw", descriptors),
  "posix-cd": execline("posix-cd", process),
  "posix-umask": execline("posix-umask", process),
  "redirfd": execline("redirfd", descriptors),
  "s6-applyuidgid": credential("s6-applyuidgid"),
  "s6-background-watch": () => import("./supervision/background_watch.ts"),
  "s6-chroot": () => import("./machine/chroot.ts"),
  "s6-connlimit": () => import("./superserver/connlimit.ts"),
  "s6-envdir": credential("s6-envdir"),
  "s6-envuidgid": credential("s6-envuidgid"),
  "s6-fdholder-daemon": () => import("./fdholder/daemon.ts"),
  "s6-fdholder-getdump": () => import("./fdholder/getdump.ts"),
  "s6-fdholder-retrieve": () => import("./fdholder/retrieve.ts"),
  "s6-fghack": () => import("./supervision/fghack.ts"),
  "s6-instance-control": () => import("./instances/control.ts"),
  "s6-instance-status": () => import("./instances/status.ts"),
  "s6-ipcclient": () => import("./superserver/ipcclient.ts"),
  "s6-ipcserver": () => import("./superserver/ipcserver.ts"),
  "s6-ipcserver-access": () => import("./superserver/access.ts"),
  "s6-ipcserver-socketbinder": () => import("./superserver/socketbinder.ts"),
  "s6-notifyoncheck": () => import("./supervision/notifyoncheck.ts"),
  "s6-permafailon": () => import("./supervision/permafailon.ts"),
  "s6-pivotchroot": () => import("./machine/pivotchroot.ts"),
  "s6-setlock": () => import("./supervision/setlock.ts"),
  "s6-setsid": () => import("./supervision/setsid.ts"),
  "s6-setuidgid": credential("s6-setuidgid"),
  "s6-softlimit": credential("s6-softlimit"),
  "s6-sudo": () => import("./superserver/sudo.ts"),
  "s6-svlisten": () => import("./supervision/svlisten.ts"),
  "s6-svlisten1": () => import("./supervision/svlisten1.ts"),
  "s6-test": execline("s6-test", process),
  "runblock": execline("runblock", positionals),
  "shift": execline("shift", positionals),
  "trap": execline("trap", process),
  "tryexec": execline("tryexec", control),
  "umask": execline("umask", process),
  "unexport": execline("unexport", variables),
  "logutil-service": () => import("./log/logutil_service.ts"),
  "s6-env": () => import("./utilities/env.ts"),
  "s6-maximumtime": () => import("./utilities/maximumtime.ts"),
  "s6-nice": () => import("./utilities/nice.ts"),
  "s6-sleep": () => import("./utilities/sleep.ts"),
  "with-contenv": () => import("./overlay/with_contenv.ts"),
  "with-contenv-legacy": () => import("./overlay/with_contenv.ts"),
  "wait": execline("wait", process),
  "withstdinas": execline("withstdinas", variables),
};

/**
 * Links of old scripts whose names belong to others today: `import` is ImageMagick's. No file is
 * called so, and a chain takes such a word for the link if PATH has no program of that name.
 */
export const UNLINKED_LINKS: Readonly<Record<string, () => Promise<LinkModule>>> = {
  "import": execline("import", substitution),
};

/** Links that no user calls: second halves of others. */
export const INTERNAL_LINKS: Readonly<Record<string, () => Promise<LinkModule>>> = {
  [LIMITED_STARTER]: () => import("./execline/limited.ts"),
  [HEREDOC_WRITER]: async () => (await import("./execline/second_halves.ts")).HEREDOC_WRITER_MODULE,
  [ORPHAN_STARTER]: async () => (await import("./execline/second_halves.ts")).ORPHAN_STARTER_MODULE,
  [READINESS_POLLER]: () => import("./supervision/readiness_poller.ts"),
};

/** The suites that `hexad --install --compat` knows, with their commands. */
export const SUITES: Readonly<Record<string, readonly string[]>> = {
  baseimage: ["my_init", "setuser"],
  runit: ["chpst", "runsv", "runsvdir", "sv", "svlogd"],
  daemontools: [
    "envdir",
    "envuidgid",
    "fghack",
    "multilog",
    "pgrphack",
    "setlock",
    "setuidgid",
    "softlimit",
    "supervise",
    "svc",
    "svok",
    "svscan",
    "svstat",
    "tai64n",
    "tai64nlocal",
  ],
  supervisor: ["supervisorctl"],
  dockerfiles: ["dockerfiles"],
};

/** Is it a command that is ours only where a link to us has its name? */
export function isWhereLinked(name: string): boolean {
  return [OVERLAY_COMMANDS, COMPAT_COMMANDS, COMPAT_LINKS].some((table) =>
    Object.hasOwn(table, name)
  );
}
