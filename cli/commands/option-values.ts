/** Values of options, read or refused with what is allowed. */
import { InvalidArgumentError } from 'commander';
import { identityName } from '../../app/runtime/identity.js';

export function collect(one: string, others: readonly string[]): string[] {
  return [...others, one];
}

export function parseCount(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a whole number from 1 to 99999.');
}

/** Whole, of a hundred. */
export function parsePercent(text: string): number {
  const percent = Number(text);
  if (Number.isInteger(percent) && percent >= 1 && percent <= 100) return percent;
  throw new InvalidArgumentError('It is a whole number from 1 to 100.');
}

export function parsePort(text: string): number {
  const port = Number(text);
  const highest = 65_535 - 100;
  if (/^\d+$/.test(text) && (port === 0 || (port >= 1024 && port <= highest))) return port;
  throw new InvalidArgumentError(`A port is 0 or a whole number from 1024 to ${highest}.`);
}

export function parsePositive(text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('It is a number above 0.');
}

/** What may be nothing. */
export function parseAmount(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('It is a number from 0 on.');
}

/** Some, or all. */
export function parseShare(text: string): number {
  const share = Number(text);
  if (share > 0 && share <= 1) return share;
  const [, percent] = /^(\d+(?:\.\d+)?) ?%?$/.exec(text) ?? [];
  const meant =
    Number(percent) > 0 && Number(percent) <= 100 ? `: write ${Number(percent) / 100} for ${percent} %` : '';
  throw new InvalidArgumentError(`It is a share above 0, and at most 1${meant}.`);
}

export function parseRatio(text: string): number {
  const ratio = Number(text);
  if (text.trim() !== '' && ratio > 0 && ratio < 1) return ratio;
  throw new InvalidArgumentError('It is a share between 0 and 1, such as 0.01 for 1 %.');
}

export function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (seconds >= 0.1 && seconds <= 3600) return seconds;
  throw new InvalidArgumentError('It is a number of seconds from 0.1 to 3600.');
}

export function parseSteps(text: string): number[] {
  const steps = text.split(',').map(Number);
  const ascend = steps.every((percent, i) => Number.isInteger(percent) && percent > (steps[i - 1] ?? 0));
  if (ascend && steps.at(-1) === 100) return steps;
  throw new InvalidArgumentError('They are whole percents that ascend to 100, such as 5,25,100.');
}

export function parseTime(text: string): Date {
  const time = new Date(text);
  if (!Number.isNaN(time.getTime())) return time;
  throw new InvalidArgumentError('It is a day or a time, such as 2026-01-31 or 2026-01-31T12:00:00Z.');
}

/** A name that a request is made under, as a token's are. */
export function parseName(text: string): string {
  const parsed = identityName.safeParse(text);
  if (parsed.success) return text;
  throw new InvalidArgumentError(`It ${parsed.error.issues[0]?.message}.`);
}
