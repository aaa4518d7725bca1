const UNIT_SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** Seconds of a time in a load: `90`, `09:30`, `09:30:15` or an ISO date. Undefined if it is none. */
export function secondsOf(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return Number.isFinite(Number(text)) ? Number(text) : undefined;
  const [, hours, minutes, seconds = '0'] = /^(\d{1,2}):([0-5]\d)(?::([0-5]\d))?$/.exec(text) ?? [];
  if (hours !== undefined) return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  if (!/^\d{4}-\d\d-\d\dT/.test(text)) return undefined;
  // Without a zone it would be the reader's.
  const ms = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
  // 30 February would be taken for 2 March.
  const isDay = new Date(`${text.slice(0, 10)}T00:00Z`).getUTCDate() === Number(text.slice(8, 10));
  return Number.isNaN(ms) || !isDay ? undefined : ms / 1000;
}

/** Seconds of a duration: `90s`, `15m`, `24h`, `7d`. Undefined if it is none, or none at all. */
export function durationSecondsOf(text: string): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text) ?? [];
  const seconds = Number(number) * UNIT_SECONDS[unit as keyof typeof UNIT_SECONDS];
  return seconds > 0 ? seconds : undefined;
}

/** `09:31`, `09:31:15`, from the second day on `day 2 09:31`. */
export function clockText(secondsOfDay: number): string {
  const whole = Math.round(secondsOfDay);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = Math.floor(whole / 86_400);
  const rest = whole % 86_400;
  const seconds = rest % 60 === 0 ? '' : `:${two(rest % 60)}`;
  const prefix = day > 0 ? `day ${day + 1} ` : '';
  return `${prefix}${two(Math.floor(rest / 3600))}:${two(Math.floor(rest / 60) % 60)}${seconds}`;
}
