import { at, listAt, textAt, textsAt } from '../field.js';
import type { Problem, Rule } from '../finding.js';
import type { KubeObject } from '../kube-object.js';

const FIX = 'serve HTTPS with a certificate, at best one that cert-manager renews.';

/** What is reached from outside without encryption. */
export const exposureRules: readonly Rule[] = [
  {
    id: 'tls-missing',
    severity: 'error',
    why: 'Without TLS everybody on the way reads and changes requests, tokens included.',
    find: (cluster) => [
      ...cluster.ofKind('Ingress').flatMap(ofIngress),
      ...cluster
        .ofKind('Gateway')
        .flatMap((gateway) =>
          gateway.group === 'gateway.networking.k8s.io' ? ofGatewayApi(gateway) : ofIstioGateway(gateway),
        ),
    ],
  },
];

function ofIngress(object: KubeObject): Problem[] {
  const tls = listAt(object.value, 'spec.tls');
  const covered = tls.flatMap((one) => textsAt(one, 'hosts'));
  const hosts = listAt(object.value, 'spec.rules').flatMap((rule) => textAt(rule, 'host') ?? []);
  const open = hosts.filter((host) => !covered.includes(host) && !covered.includes(host.replace(/^[^.]+/, '*')));
  if (tls.length > 0 && (open.length === 0 || covered.length === 0)) return [];
  return [{ object, message: `spec.tls covers no ${open.join(', ') || 'host'}.`, fix: FIX }];
}

function ofIstioGateway(object: KubeObject): Problem[] {
  return listAt(object.value, 'spec.servers')
    .filter((server) => ['HTTP', 'HTTP2'].includes(textAt(server, 'port.protocol') ?? ''))
    .filter((server) => at(server, 'tls.httpsRedirect') !== true)
    .map((server) => ({
      object,
      message: `port ${String(at(server, 'port.number'))} serves plain ${textAt(server, 'port.protocol')} for ${textsAt(server, 'hosts').join(', ')}.`,
      fix: `${FIX} On the plain port set tls.httpsRedirect: true.`,
    }));
}

/** A plain listener may be there to redirect, which its routes say; without another one it is not. */
function ofGatewayApi(object: KubeObject): Problem[] {
  const protocols = listAt(object.value, 'spec.listeners').map((listener) => textAt(listener, 'protocol') ?? '');
  if (protocols.length === 0 || protocols.some((protocol) => protocol !== 'HTTP')) return [];
  return [{ object, message: `its listeners are all ${protocols.join(', ')}.`, fix: FIX }];
}
