import { isDeepStrictEqual } from 'node:util';
import { at, isMapping, mapAt, numberAt, textAt, textsAt } from '../field.js';
import type { Rule } from '../finding.js';
import { type Container, portText } from '../pod-template.js';
import { lastingContainerRule } from './rule-forms.js';

const PROBES = ['startupProbe', 'livenessProbe', 'readinessProbe'] as const;
const ACTIONS = ['httpGet', 'tcpSocket', 'grpc', 'exec'] as const;
/** Kubernetes' own. */
const DEFAULT_PERIOD_SECONDS = 10;

function missingProbeRule(id: string, probe: (typeof PROBES)[number], why: string): Rule {
  return lastingContainerRule({
    id,
    severity: 'warning',
    why,
    fix: `add a ${probe}.`,
    violation: ({ fields }) => at(fields, probe) === undefined && `it has no ${probe}.`,
  });
}

function actionOf({ fields }: Container, probe: string): unknown {
  return ACTIONS.map((action) => at(fields, `${probe}.${action}`)).find((action) => action !== undefined);
}

/** A number need not be declared; where others are, it is taken for a slip. */
function isServed({ ports }: Container, port: unknown): boolean {
  if (typeof port === 'number' && ports.length === 0) return true;
  return ports.some(({ name, number }) => name === port || number === port);
}

export const probeRules: readonly Rule[] = [
  missingProbeRule('no-readiness-probe', 'readinessProbe', 'Requests arrive before the container can answer them.'),
  missingProbeRule('no-liveness-probe', 'livenessProbe', 'A container that hangs is never restarted.'),
  lastingContainerRule({
    id: 'identical-probes',
    severity: 'warning',
    why: 'A container that is only not ready (its database is away) is killed, which helps nobody.',
    fix: 'let liveness ask only whether the process itself works: another path, not only more patience.',
    violation: (container) => {
      const [liveness, readiness] = ['livenessProbe', 'readinessProbe'].map((probe) => actionOf(container, probe));
      const isSame = liveness !== undefined && isDeepStrictEqual(liveness, readiness);
      return isSame && `livenessProbe and readinessProbe ask the same: ${JSON.stringify(liveness)}.`;
    },
  }),
  lastingContainerRule({
    id: 'probe-port',
    severity: 'error',
    why: 'A probe of a port that nobody listens on kills the container.',
    fix: 'probe a port of `ports`, or declare it there.',
    violation: (container) => {
      const wrong = PROBES.flatMap((probe) => {
        const action = actionOf(container, probe);
        const port = at(action, 'port');
        const isOwn = port !== undefined && at(action, 'host') === undefined;
        return isOwn && !isServed(container, port) ? [`${probe} asks port ${JSON.stringify(port)}`] : [];
      });
      const declared = container.ports.map(portText).join(', ') || 'none';
      return wrong.length > 0 && `${wrong.join(', ')}, and the container declares ${declared}.`;
    },
  }),
  lastingContainerRule({
    id: 'probe-action',
    severity: 'error',
    why: 'The API server refuses a probe that asks in no way, or in two.',
    fix: 'keep one of httpGet, tcpSocket, grpc and exec.',
    violation: ({ fields }) =>
      PROBES.flatMap((probe) => {
        if (!isMapping(at(fields, probe))) return [];
        const actions = ACTIONS.filter((action) => (at(fields, `${probe}.${action}`) ?? undefined) !== undefined);
        return actions.length === 1 ? [] : [`${probe} asks by ${actions.join(' and ') || 'nothing'}.`];
      }),
  }),
  lastingContainerRule({
    id: 'probe-timeout',
    severity: 'warning',
    why: 'The next probe waits for the last: one that may take longer than the time between two is made less often than it says.',
    fix: 'set timeoutSeconds to periodSeconds at most.',
    violation: ({ fields }) =>
      PROBES.flatMap((probe) => {
        const timeout = numberAt(fields, `${probe}.timeoutSeconds`) ?? 1;
        const period = numberAt(fields, `${probe}.periodSeconds`) ?? DEFAULT_PERIOD_SECONDS;
        return timeout > period ? [`${probe} waits ${timeout} s for an answer, and asks every ${period} s.`] : [];
      }),
  }),
  lastingContainerRule({
    id: 'probe-path',
    severity: 'error',
    why: 'A path without its slash is asked for as it stands: no server knows it, and the container is killed.',
    fix: 'begin the path with a slash.',
    violation: ({ fields }) =>
      PROBES.flatMap((probe) => {
        const path = textAt(fields, `${probe}.httpGet.path`) ?? '/';
        return path.startsWith('/') ? [] : [`${probe} asks for "${path}".`];
      }),
  }),
  lastingContainerRule({
    id: 'grace-period',
    severity: 'error',
    why: 'The time of preStop is part of the grace period: what is left for the process itself is nothing, and it is killed.',
    fix: 'set terminationGracePeriodSeconds above the sleep and the longest request together.',
    violation: ({ fields }, { spec }) => {
      const graceSeconds = numberAt(spec, 'terminationGracePeriodSeconds') ?? 30;
      const sleepSeconds = preStopSeconds(fields);
      if (sleepSeconds === undefined || sleepSeconds < graceSeconds) return undefined;
      return `preStop sleeps ${sleepSeconds} s of a grace period of ${graceSeconds} s.`;
    },
  }),
];

function preStopSeconds(fields: Container['fields']): number | undefined {
  const preStop = mapAt(fields, 'lifecycle.preStop');
  const [, seconds] = /\bsleep\s+(\d+)/.exec(textsAt(preStop, 'exec.command').join(' ')) ?? [];
  return numberAt(preStop, 'sleep.seconds') ?? (seconds === undefined ? undefined : Number(seconds));
}
