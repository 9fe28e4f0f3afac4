/** Exit codes of s6-rc's own programs. Source: s6-rc, doc/*.html. Pure. */

/** No service of that name. */
export const EXIT_UNKNOWN = 3;
/** The database is invalid or damaged. */
export const EXIT_INVALID = 4;
/** The service has a different type from the one asked for. */
export const EXIT_WRONG_TYPE = 5;
/** A name that was given twice. */
export const EXIT_TWICE = 6;
