/** The command line, a name or a configuration is wrong; nothing was done. */
export const EXIT_USAGE = 2;

/** Something failed while it ran. */
export const EXIT_FAILURE = 1;

/** The command did its work, and what it looked at is not right. */
export const EXIT_FINDINGS = 1;

/** As a shell tells of a command that was interrupted. */
export const EXIT_INTERRUPTED = 130;
