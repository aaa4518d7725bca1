import { isDeepStrictEqual } from 'node:util';
import type { Cluster } from '../cluster.js';
import { at, listAt, mapAt, textAt, textsAt } from '../field.js';
import type { Rule } from '../finding.js';
import type { KubeObject } from '../kube-object.js';
import { selects } from '../label-selector.js';
import { gatewaysOf } from '../mesh-route.js';
import { isSecretMissing } from '../secret-source.js';
import { objectRule } from './rule-forms.js';

/** Names of the Secrets that hold an entrance's certificates; the namespace is known of an Ingress and of the Gateway API. */
function credentials(object: KubeObject): readonly { readonly name: string; readonly namespace: string | undefined }[] {
  const { kind, group, value, namespace } = object;
  if (kind === 'Ingress') {
    const annotations = Object.keys(mapAt(value, 'metadata.annotations'));
    // cert-manager makes the Secret itself.
    if (annotations.some((name) => /^cert-manager\.io\/(cluster-)?issuer$/.test(name))) return [];
    return listAt(value, 'spec.tls').flatMap((tls) => {
      const name = textAt(tls, 'secretName');
      return name === undefined ? [] : [{ name, namespace }];
    });
  }
  if (group === 'gateway.networking.k8s.io') {
    return listAt(value, 'spec.listeners').flatMap((listener) =>
      listAt(listener, 'tls.certificateRefs').map((one) => ({
        name: textAt(one, 'name') ?? '',
        namespace: textAt(one, 'namespace') ?? namespace,
      })),
    );
  }
  // Istio's stands beside the gateway's pods, wherever they are.
  return listAt(value, 'spec.servers').flatMap((server) => {
    const name = textAt(server, 'tls.credentialName');
    return name === undefined ? [] : [{ name, namespace: undefined }];
  });
}

/** What an entrance listens to, one entry for each host. Two of the same kind that have one in common take it from each other. */
function listening({ kind, namespace, value }: KubeObject): readonly { what: string; key: unknown }[] {
  if (kind === 'Gateway') {
    const pods = at(value, 'spec.selector');
    return listAt(value, 'spec.servers').flatMap((server) =>
      textsAt(server, 'hosts').map((host) => ({
        what: `${host} port ${String(at(server, 'port.number'))}`,
        key: [pods, at(server, 'port.number'), host.includes('/') ? host : `*/${host}`],
      })),
    );
  }
  const ingressClass = textAt(value, 'spec.ingressClassName');
  return listAt(value, 'spec.rules').flatMap((rule) =>
    listAt(rule, 'http.paths').map((path) => ({
      what: `${textAt(rule, 'host') ?? '*'}${textAt(path, 'path') ?? '/'}`,
      key: [
        ingressClass,
        textAt(rule, 'host'),
        textAt(path, 'path') ?? '/',
        textAt(path, 'pathType'),
        kind && namespace && '',
      ],
    })),
  );
}

/** Headers that Istio fills from a verified token (istio.io, "JWT claim based routing"). */
const CLAIM_HEADER = /^@request\.auth\.claims\b/;

function claimHeaders({ value }: KubeObject): readonly string[] {
  return listAt(value, 'spec.http')
    .flatMap((route) => listAt(route, 'match'))
    .flatMap((match) => Object.keys({ ...mapAt(match, 'headers'), ...mapAt(match, 'withoutHeaders') }))
    .filter((name) => CLAIM_HEADER.test(name));
}

/** Whether tokens are verified at pods with such labels. */
function verifiesTokens(cluster: Cluster, labels: Readonly<Record<string, unknown>>): boolean {
  return cluster.ofKind('RequestAuthentication').some(({ value }) => selects(at(value, 'spec.selector'), labels));
}

export const entranceRules: readonly Rule[] = [
  objectRule({
    kinds: ['Ingress', 'Gateway'],
    id: 'dangling-credential',
    severity: 'error',
    why: 'Without its certificate an entrance refuses every TLS connection, or answers with a certificate of its own.',
    fix: 'add a Certificate that makes the Secret, correct the name, or list it in the annotation armature.dev/external-secrets.',
    violation: (object, cluster) =>
      credentials(object)
        .filter(({ name, namespace }) => isSecretMissing(cluster, object, namespace, name))
        .map(({ name }) => `its certificate is to be in the Secret "${name}", which nothing here makes.`),
  }),
  objectRule({
    kinds: ['Ingress', 'Gateway'],
    id: 'conflicting-entrances',
    severity: 'error',
    why: 'Of two entrances for one host and port, or one host and path, which one answers is not defined.',
    fix: 'put both into one object, or give one of them another host.',
    violation: (object, cluster) => {
      const all = cluster.ofKind(object.kind);
      const own = listening(object);
      return all.slice(0, all.indexOf(object)).flatMap((rival) => {
        const taken = listening(rival);
        const both = own.filter(({ key }) => taken.some((other) => isDeepStrictEqual(other.key, key)));
        return both.length === 0 ? [] : [`${rival.title} has ${both.map(({ what }) => what).join(', ')} already.`];
      });
    },
  }),
  objectRule({
    kinds: ['VirtualService'],
    id: 'jwt-claim-route',
    severity: 'error',
    why: 'A claim is known only where a RequestAuthentication verifies the token: without one the route never matches.',
    fix: 'add a RequestAuthentication that selects the pods of the gateway.',
    violation: (virtualService, cluster) => {
      const headers = claimHeaders(virtualService);
      const unverified = gatewaysOf(virtualService).filter((gateway) => {
        const [namespace = '', name = ''] = gateway.split('/');
        const labels = mapAt(cluster.find('Gateway', namespace, name)?.value, 'spec.selector');
        return gateway === 'mesh' || !verifiesTokens(cluster, labels);
      });
      if (headers.length === 0 || unverified.length === 0) return undefined;
      return `it routes by ${headers.join(', ')}, and no RequestAuthentication verifies tokens at ${unverified.join(', ')}.`;
    },
  }),
];
