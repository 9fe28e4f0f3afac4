/** The reasons why keys of a unit are not carried over. Pure. */

export const SECTION_REASON: Readonly<Record<string, string>> = {
  Install: "a service starts with its scan directory; the file down keeps it from that",
};

// deno-fmt-ignore
const REASONS: readonly (readonly [keys: RegExp, reason: string])[] = [
  [/^(?:After|Before|Wants|Requires|Requisite|BindsTo|PartOf|Upholds|WantedBy|JoinsNamespaceOf|DefaultDependencies|OnFailure|OnSuccess|PropagatesReloadTo|ReloadPropagatedFrom)$/, "all services start at once; let one that needs another wait for it (s6-svwait -U)"],
  [/^(?:Condition|Assert)/, "nothing is tested before a start; test it in run"],
  [/^ExecCondition$/, "nothing is tested before a start; test it in run"],
  [/^ExecStartPost$/, "nothing runs after a start; let something wait for it (s6-svwait -U)"],
  [/^(?:PIDFile|GuessMainPID)$/, "the process that run becomes is the service; no file is needed"],
  [/^RemainAfterExit$/, "a service that has ended is down"],
  [/^(?:WatchdogSec|WatchdogSignal)$/, "there is no watchdog; --check of hexad new asks until it is ready"],
  [/^(?:TimeoutStartSec|TimeoutAbortSec|RuntimeMaxSec|TimeoutStartFailureMode|TimeoutStopFailureMode|RestartSteps|RestartMaxDelaySec|RestartMode)$/, "there is no such time limit"],
  [/^RestartForceExitStatus$/, "restart-policy knows ends that are well and others; no exit code forces a restart"],
  [/^NotifyAccess$/, "whoever has the socket may tell"],
  [/^(?:BusName|Sockets|FileDescriptorStoreMax|NonBlocking|StandardInput|StandardInputText|TTY.*|USBFunction.*|OpenFile)$/, "it gets no such descriptors"],
  [/^(?:Private|Protect|Restrict|ReadOnlyPaths|ReadWritePaths|InaccessiblePaths|ReadOnlyDirectories|ReadWriteDirectories|InaccessibleDirectories|NoNewPrivileges|Capability|AmbientCapabilities|CapabilityBoundingSet|SystemCall|MemoryDenyWriteExecute|LockPersonality|SecureBits|DynamicUser|Keyring|RemoveIPC|Bind|TemporaryFileSystem|Root|MountFlags|MountAPIVFS|ExecPaths|NoExecPaths|ProcSubset|SELinux|AppArmor|Smack|User[A-Z]|PAM|Load|SetCredential|IPAddress|Network|Socket)/, "the container has what protects it: capabilities, seccomp and mounts are options of its engine"],
  [/^(?:CPU|Memory|IO|Block|Tasks|Device|Slice|Delegate|AllowedCPUs|AllowedMemoryNodes|ManagedOOM|Startup)/, "limits of resources are options of the container's engine"],
  [/^(?:OOMPolicy|IOScheduling|NUMA|TimerSlack|Personality|CoredumpFilter|LimitNICE|LimitSIGPENDING|LimitMSGQUEUE|LimitLOCKS|LimitRTTIME|IgnoreSIGPIPE)/, "put a program that sets it before the service in run: choom, ionice, taskset"],
  [/^(?:Syslog|Log|Journal)/, "the logger writes lines as they are; s6-log can stamp and select them"],
  [/^(?:PassEnvironment|UnsetEnvironment)$/, "it has the environment of s6-svscan; with-contenv and unexport change that"],
  [/^(?:Documentation|SourcePath|RefuseManual.*|AllowIsolate|StopWhenUnneeded|IgnoreOnIsolate|CollectMode|FailureAction|SuccessAction|StartLimitAction|JobTimeout.*|RebootArgument|.*ExitStatus|OnFailureJobMode|SurviveFinalKillSignal)$/, "it has no counterpart"],
  [/^(?:SupplementaryGroups|SetLoginEnvironment)$/, "a user has the groups of /etc/group; s6-applyuidgid -G takes others"],
  [/^(?:.*Directory.*)$/, "directories are made with the mode of their key, and not removed"],
  [/^(?:FinalKillSignal|SendSIGHUP|RestartKillSignal|ReloadSignal)$/, "the end is the down-signal, and SIGKILL after timeout-kill"],
];

export function reasonFor(key: string): string {
  return REASONS.find(([keys]) => keys.test(key))?.[1] ?? "there is nothing like it";
}
