/** Names in a scan directory that mean something to s6-svscan. Source: s6-svscan(8). Pure. */

/** The directory of its own, with its control FIFO, its lock and what it runs at its end. */
export const SVSCAN_CTLDIR = ".s6-svscan";
/** The catch-all logger, a service that reads what everybody else writes. Source: option -X. */
export const CATCHALL_LOGGER = "s6-svscan-log";
