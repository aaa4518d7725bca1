import { k8s } from 'cdk8s-plus-28';
import type { ProbeSpec, ProbesSpec, StartupProbeSpec } from '../../contract/vocabulary/index.js';

/** A probe gives up after this long; three in a row fail it. */
const TIMEOUT_SECONDS = 3;

/** The next probe waits for the last one's answer. */
function timeoutOf(periodSeconds: number): number {
  return Math.min(TIMEOUT_SECONDS, periodSeconds);
}

/** The probes of a process that answers over HTTP on the port named `http`. */
export function httpProbes({
  startup,
  liveness,
  readiness,
}: ProbesSpec): Pick<k8s.Container, 'startupProbe' | 'livenessProbe' | 'readinessProbe'> {
  return {
    ...(startup && { startupProbe: startupProbe(startup) }),
    livenessProbe: httpProbe(liveness, 'http'),
    readinessProbe: httpProbe(readiness, 'http'),
  };
}

const STARTUP_PERIOD_SECONDS = 2;

function startupProbe({ path, withinSeconds }: StartupProbeSpec): k8s.Probe {
  return {
    httpGet: { path, port: k8s.IntOrString.fromString('http') },
    periodSeconds: STARTUP_PERIOD_SECONDS,
    timeoutSeconds: STARTUP_PERIOD_SECONDS,
    failureThreshold: Math.ceil(withinSeconds / STARTUP_PERIOD_SECONDS),
  };
}

export function httpProbe({ path, initialDelaySeconds, periodSeconds }: ProbeSpec, port: string): k8s.Probe {
  return {
    httpGet: { path, port: k8s.IntOrString.fromString(port) },
    initialDelaySeconds,
    periodSeconds,
    timeoutSeconds: timeoutOf(periodSeconds),
    failureThreshold: 3,
  };
}

/** Does a command in the container succeed? */
export function execProbe(command: readonly string[], periodSeconds: number): k8s.Probe {
  return {
    exec: { command: [...command] },
    initialDelaySeconds: periodSeconds,
    periodSeconds,
    timeoutSeconds: timeoutOf(periodSeconds),
    failureThreshold: 3,
  };
}

/** Can a connection be opened? For servers whose health no HTTP path tells. */
export function tcpProbe(port: string, periodSeconds: number, failureThreshold = 3): k8s.Probe {
  return {
    tcpSocket: { port: k8s.IntOrString.fromString(port) },
    initialDelaySeconds: periodSeconds,
    periodSeconds,
    timeoutSeconds: timeoutOf(periodSeconds),
    failureThreshold,
  };
}
