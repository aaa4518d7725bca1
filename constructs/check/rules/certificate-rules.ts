import type { Cluster } from '../cluster.js';
import { listAt, textAt, textsAt } from '../field.js';
import type { Rule } from '../finding.js';
import { objectRule } from './rule-forms.js';

/** Hosts that cert-manager puts into the certificate of that Secret; undefined where somebody else makes it. */
function hostsOf(cluster: Cluster, secret: string): readonly string[] | undefined {
  const certificates = cluster.ofKind('Certificate').filter(({ value }) => textAt(value, 'spec.secretName') === secret);
  return certificates.length === 0
    ? undefined
    : certificates.flatMap(({ value }) => [
        ...textsAt(value, 'spec.dnsNames'),
        ...[textAt(value, 'spec.commonName') ?? []].flat(),
      ]);
}

function covers(named: string, host: string): boolean {
  return named === host || (named.startsWith('*.') && host.slice(host.indexOf('.')) === named.slice(1));
}

export const certificateRules: readonly Rule[] = [
  objectRule({
    kinds: ['Gateway'],
    id: 'certificate-host',
    severity: 'error',
    why: 'Clients refuse a certificate that is for another host.',
    fix: 'add the host to dnsNames of the Certificate, or name the Secret of another.',
    violation: ({ value }, cluster) =>
      listAt(value, 'spec.servers').flatMap((server) => {
        const secret = textAt(server, 'tls.credentialName') ?? '';
        const named = hostsOf(cluster, secret);
        return textsAt(server, 'hosts')
          .map((host) => host.slice(host.indexOf('/') + 1))
          .filter((host) => named !== undefined && host !== '*' && !named.some((one) => covers(one, host)))
          .map(
            (host) => `it serves ${host} with the Secret "${secret}", whose Certificate is for ${named?.join(', ')}.`,
          );
      }),
  }),
  objectRule({
    kinds: ['Gateway'],
    id: 'weak-tls',
    severity: 'error',
    why: 'TLS 1.0 and 1.1 are broken, and clients have dropped them (RFC 8996).',
    fix: 'set minProtocolVersion: TLSV1_2, or leave it out.',
    violation: ({ value }) =>
      listAt(value, 'spec.servers').flatMap((server) => {
        const version = textAt(server, 'tls.minProtocolVersion') ?? '';
        return ['TLSV1_0', 'TLSV1_1'].includes(version) ? [`tls.minProtocolVersion is ${version}.`] : [];
      }),
  }),
];
