import { isMapping, listAt, mapAt, numberAt, textAt } from '../field.js';
import type { Rule } from '../finding.js';
import type { KubeObject } from '../kube-object.js';
import { objectRule } from './rule-forms.js';

/** May be asked twice and change nothing (RFC 9110, 9.2.1). */
const SAFE = ['GET', 'HEAD', 'OPTIONS'];
/** Of these the request has not been taken in hand. */
const NOT_SERVED = [
  ...['connect-failure', 'refused-stream', 'reset-before-request', 'unavailable', 'cancelled', 'resource-exhausted'],
];

const UNIT_SECONDS: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 0.001 };

function seconds(duration: string | undefined): number | undefined {
  const parts = [...(duration ?? '').matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)];
  return parts.length === 0
    ? undefined
    : parts.reduce((sum, [, number, unit = '']) => sum + Number(number) * (UNIT_SECONDS[unit] ?? 0), 0);
}

/** Whether a route takes safe methods alone. */
function isSafe(route: unknown): boolean {
  const matches = listAt(route, 'match');
  const methods = matches.map((match) => textAt(match, 'method.exact') ?? textAt(match, 'method.regex') ?? '');
  return methods.length > 0 && methods.every((one) => one.split('|').every((method) => SAFE.includes(method)));
}

function titleOf(route: unknown, i: number): string {
  return `http route "${textAt(route, 'name') ?? i}"`;
}

function routesOf({ value }: KubeObject): readonly unknown[] {
  return listAt(value, 'spec.http');
}

export const routeRules: readonly Rule[] = [
  objectRule({
    kinds: ['VirtualService'],
    id: 'unsafe-retries',
    severity: 'error',
    why: 'A request that may have been served is sent again: a POST is done twice.',
    fix: 'set retries: { attempts: 0 }, or match GET, HEAD and OPTIONS, or retry only what was not served: connect-failure,refused-stream.',
    violation: (virtualService) =>
      routesOf(virtualService).flatMap((route, i) => {
        const attempts = numberAt(route, 'retries.attempts') ?? 0;
        const served = (textAt(route, 'retries.retryOn') ?? '')
          .split(',')
          .filter((one) => one !== '' && !NOT_SERVED.includes(one.trim()));
        if (attempts === 0 || served.length === 0 || isSafe(route)) return [];
        return [`${titleOf(route, i)} repeats requests of any method on ${served.join(', ')}.`];
      }),
  }),
  objectRule({
    kinds: ['VirtualService'],
    id: 'retry-beyond-timeout',
    severity: 'error',
    why: 'The route’s timeout holds for all tries together: the first try uses it up, and there is no second.',
    fix: 'lower perTryTimeout, or raise timeout.',
    violation: (virtualService) =>
      routesOf(virtualService).flatMap((route, i) => {
        const [each, all] = ['retries.perTryTimeout', 'timeout'].map((path) => textAt(route, path));
        // 0 s is no limit.
        const isBeyond = (seconds(each) ?? 0) > (seconds(all) || Number.POSITIVE_INFINITY);
        return isBeyond ? [`${titleOf(route, i)} has perTryTimeout ${each} in a timeout of ${all}.`] : [];
      }),
  }),
  objectRule({
    kinds: ['VirtualService'],
    id: 'header-case',
    severity: 'error',
    why: 'Envoy sees the names of headers in lower case: a match with a capital never holds.',
    fix: 'write the name in lower case.',
    violation: (virtualService) =>
      routesOf(virtualService).flatMap((route, i) =>
        listAt(route, 'match')
          .filter(isMapping)
          .flatMap((match) => Object.keys({ ...mapAt(match, 'headers'), ...mapAt(match, 'withoutHeaders') }))
          .filter((name) => !name.startsWith('@') && name !== name.toLowerCase())
          .map((name) => `${titleOf(route, i)} matches the header "${name}".`),
      ),
  }),
];
