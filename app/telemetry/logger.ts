import { type Logger, pino } from 'pino';

export type { Logger };

/** Structured log lines on standard output. Tokens and secrets never reach a line. */
export function makeLogger(service: string, level: string): Logger {
  return pino({
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: ['req.headers.authorization', 'headers.authorization'],
  });
}
