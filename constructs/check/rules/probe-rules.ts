import { isDeepStrictEqual } from 'node:util';
import { at, mapAt, numberAt, textsAt } from '../field.js';
import type { Rule } from '../finding.js';
import { type Container, portText } from '../pod-template.js';
import { lastingContainerRule } from './pod-rule.js';

const PROBES = ['startupProbe', 'livenessProbe', 'readinessProbe'] as const;
const ACTIONS = ['httpGet', 'tcpSocket', 'grpc', 'exec'] as const;

function missingProbeRule(id: string, probe: (typeof PROBES)[number], why: string): Rule {
  return lastingContainerRule({ id, severity: 'warning', why }, ({ fields }) =>
    at(fields, probe) === undefined ? { message: `it has no ${probe}.`, fix: `add a ${probe}.` } : undefined,
  );
}

function actionOf({ fields }: Container, probe: string): unknown {
  return ACTIONS.map((action) => at(fields, `${probe}.${action}`)).find((action) => action !== undefined);
}

export const probeRules: readonly Rule[] = [
  missingProbeRule('no-readiness-probe', 'readinessProbe', 'Requests arrive before the container can answer them.'),
  missingProbeRule('no-liveness-probe', 'livenessProbe', 'A container that hangs is never restarted.'),
  lastingContainerRule(
    {
      id: 'identical-probes',
      severity: 'warning',
      why: 'A container that is only not ready (its database is away) is killed, which helps nobody.',
    },
    ({ fields }) => {
      const liveness = at(fields, 'livenessProbe');
      if (liveness === undefined || !isDeepStrictEqual(liveness, at(fields, 'readinessProbe'))) return undefined;
      return {
        message: `livenessProbe and readinessProbe are the same: ${JSON.stringify(liveness)}.`,
        fix: 'let liveness ask only whether the process itself works, and more patiently.',
      };
    },
  ),
  lastingContainerRule(
    { id: 'probe-port', severity: 'error', why: 'A probe of a port that nobody listens on kills the container.' },
    (container) => {
      const declared = container.ports;
      const wrong = PROBES.flatMap((probe) => {
        const action = actionOf(container, probe);
        const port = at(action, 'port');
        const isOwn = at(action, 'host') === undefined;
        const isKnown = declared.some(({ name, number }) => name === port || number === port);
        // A number need not be declared; where others are, it is taken for a slip.
        const isFree = typeof port === 'number' && declared.length === 0;
        return port === undefined || !isOwn || isKnown || isFree ? [] : [`${probe} asks port ${JSON.stringify(port)}`];
      });
      if (wrong.length === 0) return undefined;
      return {
        message: `${wrong.join(', ')}, and the container declares ${declared.map(portText).join(', ') || 'none'}.`,
        fix: 'probe a port of `ports`, or declare it there.',
      };
    },
  ),
  lastingContainerRule(
    {
      id: 'grace-period',
      severity: 'error',
      why: 'The time of preStop is part of the grace period: what is left for the process itself is nothing, and it is killed.',
    },
    ({ fields }, { spec }) => {
      const graceSeconds = numberAt(spec, 'terminationGracePeriodSeconds') ?? 30;
      const sleepSeconds = preStopSeconds(fields);
      if (sleepSeconds === undefined || sleepSeconds < graceSeconds) return undefined;
      return {
        message: `preStop sleeps ${sleepSeconds} s of a grace period of ${graceSeconds} s.`,
        fix: 'set terminationGracePeriodSeconds above the sleep and the longest request together.',
      };
    },
  ),
];

function preStopSeconds(fields: Container['fields']): number | undefined {
  const preStop = mapAt(fields, 'lifecycle.preStop');
  const [, seconds] = /\bsleep\s+(\d+)/.exec(textsAt(preStop, 'exec.command').join(' ')) ?? [];
  return numberAt(preStop, 'sleep.seconds') ?? (seconds === undefined ? undefined : Number(seconds));
}
