import type { Finding } from '../constructs/index.js';
import type { CheckResult } from './check-result.js';

/** The findings for a reader: two or three lines each, under the name of their file, and the totals last. */
export function textReport({ findings, objects, errors, warnings }: CheckResult): string {
  const files = [...new Set(findings.map(({ file }) => file))];
  const parts = files.flatMap((file) => [
    `${file ?? 'no file'}`,
    ...findings.filter((finding) => finding.file === file).flatMap(lines),
    '',
  ]);
  return `${[...parts, `${count(errors, 'error')}, ${count(warnings, 'warning')} in ${count(objects, 'object')}`].join('\n')}\n`;
}

function lines({ rule, severity, object, message, fix, constructPath, sourceLine }: Finding): string[] {
  const place = sourceLine === undefined ? constructPath : `${constructPath} (${sourceLine})`;
  return [
    `  ${severity.padEnd(7)} ${object}  ${rule}: ${message}`,
    `          Fix: ${fix}`,
    ...(place === undefined ? [] : [`          Made by: ${place}`]),
  ];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
