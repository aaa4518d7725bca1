import { at, listAt, textAt, textsAt } from '../field.js';
import type { Rule } from '../finding.js';
import type { KubeObject } from '../kube-object.js';
import { objectRule, type Violation } from './rule-forms.js';

/** What is reached from outside without encryption. */
export const exposureRules: readonly Rule[] = [
  objectRule({
    kinds: ['Ingress', 'Gateway'],
    id: 'tls-missing',
    severity: 'error',
    why: 'Without TLS everybody on the way reads and changes requests, tokens included.',
    fix: 'serve HTTPS with a certificate, at best one that cert-manager renews; a plain port only redirects.',
    violation: (object) => {
      if (object.kind === 'Ingress') return ofIngress(object);
      return object.group === 'gateway.networking.k8s.io' ? ofGatewayApi(object) : ofIstioGateway(object);
    },
  }),
];

function ofIngress({ value }: KubeObject): Violation {
  const tls = listAt(value, 'spec.tls');
  const covered = tls.flatMap((one) => textsAt(one, 'hosts'));
  const hosts = listAt(value, 'spec.rules').flatMap((rule) => textAt(rule, 'host') ?? []);
  const open = hosts.filter((host) => !covered.includes(host) && !covered.includes(host.replace(/^[^.]+/, '*')));
  if (tls.length > 0 && (open.length === 0 || covered.length === 0)) return undefined;
  return `spec.tls covers no ${open.join(', ') || 'host'}.`;
}

function ofIstioGateway({ value }: KubeObject): Violation {
  return listAt(value, 'spec.servers')
    .filter((server) => ['HTTP', 'HTTP2'].includes(textAt(server, 'port.protocol') ?? ''))
    .filter((server) => at(server, 'tls.httpsRedirect') !== true)
    .map((server) => {
      const { number, protocol } = { number: at(server, 'port.number'), protocol: textAt(server, 'port.protocol') };
      return `port ${String(number)} serves plain ${protocol} for ${textsAt(server, 'hosts').join(', ')}.`;
    });
}

/** A plain listener may be there to redirect, which its routes say; without another one it is not. */
function ofGatewayApi({ value }: KubeObject): Violation {
  const protocols = listAt(value, 'spec.listeners').map((listener) => textAt(listener, 'protocol') ?? '');
  if (protocols.length === 0 || protocols.some((protocol) => protocol !== 'HTTP')) return undefined;
  return `its listeners are all ${protocols.join(', ')}.`;
}
