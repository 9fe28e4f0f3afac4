/**
 * Every command, by the name it is called by. Each is a chunk of its own that is loaded when it is called; those of execline share one.
 *
 * What a chain makes of a command hangs on the table that it stands in: docs/chain.md.
 */
import { HEREDOC_WRITER, LIMITED_STARTER, ORPHAN_STARTER, READINESS_POLLER } from "../lib/core/internal_commands.ts";
import type { CommandModule, LinkModule } from "./context.ts";

/** Programs: in a chain they get a process of their own. */
// deno-fmt-ignore
export const COMMANDS: Readonly<Record<string, () => Promise<CommandModule>>> = {
  "s6-cleanfifodir": () => import("./cleanfifodir.ts"),
  "s6-ftrig-listen": () => import("./ftrig_listen.ts"),
  "s6-ftrig-listen1": () => import("./ftrig_listen1.ts"),
  "s6-ftrig-notify": () => import("./ftrig_notify.ts"),
  "s6-ftrig-wait": () => import("./ftrig_wait.ts"),
  "s6-log": () => import("./log.ts"),
  "s6-mkfifodir": () => import("./mkfifodir.ts"),
  "s6-notify-fd-from-socket": () => import("./notify_fd_from_socket.ts"),
  "s6-notify-socket-from-fd": () => import("./notify_socket_from_fd.ts"),
  "s6-nuke": () => import("./nuke.ts"),
  "s6-pause": () => import("./pause.ts"),
  "s6-socklog": () => import("./socklog.ts"),
  "s6-supervise": () => import("./supervise.ts"),
  "s6-svc": () => import("./svc.ts"),
  "s6-svdt": () => import("./svdt.ts"),
  "s6-svdt-clear": () => import("./svdt_clear.ts"),
  "s6-svlink": () => import("./svlink.ts"),
  "s6-svok": () => import("./svok.ts"),
  "s6-svperms": () => import("./svperms.ts"),
  "s6-svscan": () => import("./svscan.ts"),
  "s6-svscanboot": () => import("./svscanboot.ts"),
  "s6-svscanctl": () => import("./svscanctl.ts"),
  "s6-svstat": () => import("./svstat.ts"),
  "s6-svunlink": () => import("./svunlink.ts"),
  "s6-svwait": () => import("./svwait.ts"),
  "s6-tai64n": () => import("./tai64n.ts"),
  "s6-tai64nlocal": () => import("./tai64nlocal.ts"),
  "ucspilogd": () => import("./ucspilogd.ts"),
  "with-retries": () => import("./with_retries.ts"),
};

/** Commands of the overlay that must not be in a directory of PATH: their names are those of others' programs, or of any script. */
// deno-fmt-ignore
export const OVERLAY_COMMANDS: Readonly<Record<string, () => Promise<CommandModule>>> = {
  "halt": () => import("./halt.ts"),
  "init": () => import("./init.ts"),
  "init-stage1": () => import("./init.ts"),
  "init-stage2": () => import("./init_stage.ts"),
  "init-stage3": () => import("./init_stage.ts"),
  "poweroff": () => import("./halt.ts"),
  "reboot": () => import("./halt.ts"),
  "shutdown": () => import("./shutdown.ts"),
};

/** Small commands that use nothing but their context: in a chain they run within its process. */
// deno-fmt-ignore
export const TOOLS: Readonly<Record<string, () => Promise<CommandModule>>> = {
  "dollarat": () => import("./dollarat.ts"),
  "fix-attrs": () => import("./fix_attrs.ts"),
  "homeof": () => import("./homeof.ts"),
  "logutil-newfifo": () => import("./logutil_newfifo.ts"),
  "printcontenv": () => import("./printcontenv.ts"),
  "s6-basename": () => import("./basename.ts"),
  "s6-cat": () => import("./cat.ts"),
  "s6-chmod": () => import("./chmod.ts"),
  "s6-chown": () => import("./chown.ts"),
  "s6-clock": () => import("./clock.ts"),
  "s6-cut": () => import("./cut.ts"),
  "s6-dirname": () => import("./dirname.ts"),
  "s6-dumpenv": () => import("./dumpenv.ts"),
  "s6-echo": () => import("./echo.ts"),
  "s6-expr": () => import("./expr.ts"),
  "s6-false": () => import("./false.ts"),
  "s6-format-filter": () => import("./format_filter.ts"),
  "s6-grep": () => import("./grep.ts"),
  "s6-head": () => import("./head.ts"),
  "s6-hiercopy": () => import("./hiercopy.ts"),
  "s6-linkname": () => import("./linkname.ts"),
  "s6-ln": () => import("./ln.ts"),
  "s6-ls": () => import("./ls.ts"),
  "s6-mkdir": () => import("./mkdir.ts"),
  "s6-mkfifo": () => import("./mkfifo.ts"),
  "s6-printenv": () => import("./printenv.ts"),
  "s6-quote": () => import("./quote.ts"),
  "s6-quote-filter": () => import("./quote_filter.ts"),
  "s6-rename": () => import("./rename.ts"),
  "s6-rmrf": () => import("./rmrf.ts"),
  "s6-seq": () => import("./seq.ts"),
  "s6-sort": () => import("./sort.ts"),
  "s6-sync": () => import("./sync.ts"),
  "s6-tail": () => import("./tail.ts"),
  "s6-touch": () => import("./touch.ts"),
  "s6-true": () => import("./true.ts"),
  "s6-uniquename": () => import("./uniquename.ts"),
  "s6-unquote": () => import("./unquote.ts"),
  "s6-unquote-filter": () => import("./unquote_filter.ts"),
  "s6-update-symlinks": () => import("./update_symlinks.ts"),
};

function execline(name: string): () => Promise<LinkModule> {
  return async () => (await import("./execline/links.ts")).EXECLINE_LINKS[name]!;
}

function credential(name: string): () => Promise<LinkModule> {
  return async () => (await import("./credentials/links.ts")).CREDENTIAL_LINKS[name]!;
}

/** Links of chains. */
// deno-fmt-ignore
export const LINKS: Readonly<Record<string, () => Promise<LinkModule>>> = {
  "background": execline("background"),
  "backtick": execline("backtick"),
  "case": execline("case"),
  "cd": execline("cd"),
  "define": execline("define"),
  "elgetopt": execline("elgetopt"),
  "elgetpositionals": execline("elgetpositionals"),
  "elglob": execline("elglob"),
  "eltest": execline("eltest"),
  "emptyenv": execline("emptyenv"),
  "envfile": execline("envfile"),
  "exec": execline("exec"),
  "execline-cd": execline("execline-cd"),
  "execline-umask": execline("execline-umask"),
  "execlineb": execline("execlineb"),
  "exit": execline("exit"),
  "export": execline("export"),
  "export-array": execline("export-array"),
  "fdblock": execline("fdblock"),
  "fdclose": execline("fdclose"),
  "fdmove": execline("fdmove"),
  "fdreserve": execline("fdreserve"),
  "fdswap": execline("fdswap"),
  "forbacktickx": execline("forbacktickx"),
  "foreground": execline("foreground"),
  "forstdin": execline("forstdin"),
  "forx": execline("forx"),
  "getcwd": execline("getcwd"),
  "getpid": execline("getpid"),
  "heredoc": execline("heredoc"),
  "if": execline("if"),
  "ifelse": execline("ifelse"),
  "ifte": execline("ifte"),
  "ifthenelse": execline("ifthenelse"),
  "importas": execline("importas"),
  "loopwhilex": execline("loopwhilex"),
  "multidefine": execline("multidefine"),
  "multisubstitute": execline("multisubstitute"),
  "pipeline": execline("pipeline"),
  "piperw": execline("piperw"),
  "posix-cd": execline("posix-cd"),
  "posix-umask": execline("posix-umask"),
  "redirfd": execline("redirfd"),
  "s6-applyuidgid": credential("s6-applyuidgid"),
  "s6-background-watch": () => import("./background_watch.ts"),
  "s6-envdir": credential("s6-envdir"),
  "s6-envuidgid": credential("s6-envuidgid"),
  "s6-fghack": () => import("./fghack.ts"),
  "s6-notifyoncheck": () => import("./notifyoncheck.ts"),
  "s6-permafailon": () => import("./permafailon.ts"),
  "s6-setlock": () => import("./setlock.ts"),
  "s6-setsid": () => import("./setsid.ts"),
  "s6-setuidgid": credential("s6-setuidgid"),
  "s6-softlimit": credential("s6-softlimit"),
  "s6-svlisten": () => import("./svlisten.ts"),
  "s6-svlisten1": () => import("./svlisten1.ts"),
  "runblock": execline("runblock"),
  "shift": execline("shift"),
  "trap": execline("trap"),
  "tryexec": execline("tryexec"),
  "umask": execline("umask"),
  "unexport": execline("unexport"),
  "logutil-service": () => import("./logutil_service.ts"),
  "s6-env": () => import("./env.ts"),
  "s6-maximumtime": () => import("./maximumtime.ts"),
  "s6-nice": () => import("./nice.ts"),
  "s6-sleep": () => import("./sleep.ts"),
  "with-contenv": () => import("./with_contenv.ts"),
  "with-contenv-legacy": () => import("./with_contenv.ts"),
  "wait": execline("wait"),
  "withstdinas": execline("withstdinas"),
};

/** Links that no user calls: second halves of others. */
export const INTERNAL_LINKS: Readonly<Record<string, () => Promise<LinkModule>>> = {
  [LIMITED_STARTER]: () => import("./limited.ts"),
  [HEREDOC_WRITER]: async () => (await import("./second_halves.ts")).HEREDOC_WRITER_MODULE,
  [ORPHAN_STARTER]: async () => (await import("./second_halves.ts")).ORPHAN_STARTER_MODULE,
  [READINESS_POLLER]: () => import("./readiness_poller.ts"),
};
