import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';

export type { DestinationStream, Logger };

/** Structured log lines. Tokens and secrets never reach a line. @param lines where they go. @default standard output */
export function makeLogger(service: string, level: string, lines?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: ['req.headers.authorization', 'headers.authorization'],
  };
  return lines === undefined ? pino(options) : pino(options, lines);
}
