import type { Calibration, Operation } from '../app/semantic-cache/calibrate.js';

/** One line of the picture. */
export interface Curve {
  readonly name: string;
  readonly colour: string;
  readonly calibration: Calibration;
}

const SIZE = { width: 640, height: 440, left: 64, top: 40, right: 24, bottom: 56 };
const PLOT = { width: SIZE.width - SIZE.left - SIZE.right, height: SIZE.height - SIZE.top - SIZE.bottom };
const TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1];

/** A picture of precision over recall for every threshold, the chosen one marked. Recall is the share of the same that hit, precision the share of hits that are the same. */
export function precisionRecallSvg(curves: readonly Curve[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE.width} ${SIZE.height}" font-family="sans-serif" font-size="12" role="img" aria-label="Precision over recall">
<rect width="100%" height="100%" fill="white"/>
<text x="${SIZE.left}" y="22" font-size="14">Precision over recall of reused answers</text>
${TICKS.map(grid).join('\n')}
<text x="${SIZE.left + PLOT.width / 2}" y="${SIZE.height - 14}" text-anchor="middle">recall: share of the same that hit</text>
<text transform="translate(16 ${SIZE.top + PLOT.height / 2}) rotate(-90)" text-anchor="middle">precision</text>
${curves.map(curve).join('\n')}
</svg>
`;
}

function grid(value: number): string {
  return `<path d="M${x(value)} ${y(0)}V${y(1)}M${x(0)} ${y(value)}H${x(1)}" stroke="#ddd" fill="none"/>
<text x="${x(value)}" y="${y(0) + 18}" text-anchor="middle">${value}</text><text x="${x(0) - 8}" y="${y(value) + 4}" text-anchor="end">${value}</text>`;
}

function curve({ name, colour, calibration }: Curve, i: number): string {
  const { operations, chosen } = calibration;
  const points = operations.map((at) => pointOf(at, calibration));
  const line = `<polyline points="${points.map(([a, b]) => `${a},${b}`).join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`;
  const label = `<text x="${x(0.03)}" y="${y(0.2) + 16 * i}" fill="${colour}">${name}</text>`;
  if (chosen === undefined) return line + label;
  const [a = 0, b = 0] = pointOf(chosen, calibration);
  return `${line}${label}<circle cx="${a}" cy="${b}" r="5" fill="${colour}"/><text x="${a - 8}" y="${b + 20}" text-anchor="end" fill="${colour}">cosine ${chosen.minCosine.toFixed(3)}</text>`;
}

function pointOf({ hits, falseHits }: Operation, { same }: Calibration): readonly number[] {
  return [x(hits / same), y(hits / (hits + falseHits))];
}

function x(ratio: number): number {
  return Math.round((SIZE.left + PLOT.width * ratio) * 10) / 10;
}

function y(ratio: number): number {
  return Math.round((SIZE.top + PLOT.height * (1 - ratio)) * 10) / 10;
}
