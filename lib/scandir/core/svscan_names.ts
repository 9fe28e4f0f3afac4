/** Names in a scan directory with a meaning for s6-svscan. Source: s6-svscan(8). Pure. */

/** Its own directory, with its control FIFO, its lock and the programs that it runs at its end. */
export const SVSCAN_CTLDIR = ".s6-svscan";
/** The catch-all logger, a service that reads the output of everything else. Source: option -X. */
export const CATCHALL_LOGGER = "s6-svscan-log";
