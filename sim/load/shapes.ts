import type { Load, LoadPoint } from './load.js';

const HOUR = 3600;
const DAY = 24 * HOUR;

/** The same rate all the time. */
export function constantLoad(rps: number, durationSeconds = HOUR): Load {
  return {
    ...begin(`constant ${rps} requests/s`, 0, durationSeconds),
    points: [{ atSeconds: 0, rps }],
    between: 'step',
  };
}

/** One rate, and another from a third of the time on. */
export function stepLoad(from: number, to: number, durationSeconds = HOUR): Load {
  const points = [
    { atSeconds: 0, rps: from },
    { atSeconds: durationSeconds / 3, rps: to },
  ];
  return { ...begin(`step from ${from} to ${to} requests/s`, 0, durationSeconds), points, between: 'step' };
}

/** A cosine from the low at 04:00 to the high at 16:00, day after day. */
export function diurnalLoad(low: number, high: number, durationSeconds = DAY): Load {
  const everySeconds = 300;
  const points = Array.from({ length: Math.ceil(durationSeconds / everySeconds) + 1 }, (_, i): LoadPoint => {
    const atSeconds = i * everySeconds;
    const phase = (2 * Math.PI * (atSeconds - 4 * HOUR)) / DAY;
    return { atSeconds, rps: low + ((high - low) * (1 - Math.cos(phase))) / 2 };
  });
  return { ...begin(`diurnal from ${low} to ${high} requests/s`, 0, durationSeconds), points, between: 'linear' };
}

/** A base rate, with a peak in the middle that is reached in a minute, lasts a twelfth of the time and goes in a minute. */
export function spikeLoad(base: number, peak: number, durationSeconds = HOUR): Load {
  const ramp = Math.min(60, durationSeconds / 12);
  const up = (durationSeconds * 5) / 12;
  const down = up + durationSeconds / 12 + ramp;
  const points = [
    { atSeconds: 0, rps: base },
    { atSeconds: up, rps: base },
    { atSeconds: up + ramp, rps: peak },
    { atSeconds: down, rps: peak },
    { atSeconds: down + ramp, rps: base },
  ];
  return { ...begin(`spike from ${base} to ${peak} requests/s`, 0, durationSeconds), points, between: 'linear' };
}

/** The chapter's first scenario (32.4): a promotion, from 09:00 to 10:30. */
export function promotionLoad(): Load {
  return {
    ...begin("the chapter's promotion", 9 * HOUR, 1.5 * HOUR),
    points: [
      { atSeconds: 0, rps: 50 },
      { atSeconds: 15 * 60, rps: 500 },
      { atSeconds: 30 * 60, rps: 1000 },
      { atSeconds: 60 * 60, rps: 100 },
    ],
    between: 'step',
  };
}

/**
 * The chapter's second scenario (32.4): tasks that come faster than three workers take them, for so long that the queue passes 50, 150 and
 * 300 messages, and then hardly any.
 */
export function backlogLoad(): Load {
  return {
    ...begin("the chapter's backlog", 9 * HOUR, HOUR),
    points: [
      { atSeconds: 0, rps: 2 },
      { atSeconds: 5 * 60, rps: 20 },
      { atSeconds: 10 * 60, rps: 2 },
    ],
    between: 'step',
  };
}

function begin(name: string, startSeconds: number, durationSeconds: number) {
  return { name, startSeconds, durationSeconds };
}
