import { describe, expect, it } from '@jest/globals';
import { App, Chart } from 'cdk8s';
import { gateway, tokenSettings } from '../contract/index.js';
import { at, find, type Manifest } from '../test/support/cluster.js';
import type { EnvironmentConfigInput } from './environment-config.js';
import { Staging } from './environments/staging.js';
import { PlatformStack } from './platform-stack.js';

type Provider = EnvironmentConfigInput['identityProvider'];

const staging = new Staging(new App({ outdir: '.' })).config;
const provider = { jwksUrl: 'https://id.example.com/keys', issuer: 'https://id.example.com', audience: 'armature' };

function manifestsWith(identityProvider: Provider): Manifest[] {
  const stack = new PlatformStack(new App({ outdir: '.' }), { ...staging, identityProvider });
  return stack.node.children.filter(Chart.isChart).flatMap((chart): Manifest[] => chart.toJson());
}

function gatewayOf(identityProvider: Provider) {
  const manifests = manifestsWith(identityProvider);
  return {
    settings: find(manifests, 'ConfigMap', `${gateway.name}-settings`).data as Record<string, string>,
    egress: at(find(manifests, 'NetworkPolicy', gateway.name), 'spec.egress') as {
      to: object[];
      ports: { port: number }[];
    }[],
  };
}

/** What the gateway may reach with the provider and not without. */
function opened(identityProvider: Provider) {
  const without = new Set(gatewayOf(undefined).egress.map((rule) => JSON.stringify(rule)));
  return gatewayOf(identityProvider).egress.filter((rule) => !without.has(JSON.stringify(rule)));
}

describe('an environment with an identity provider', () => {
  it('tells the gateway of it and lets it through to any public address, at its port', () => {
    const elsewhere = { ...provider, jwksUrl: 'https://id.example.com:8443/keys' };
    expect(gatewayOf(elsewhere).settings).toMatchObject({
      [tokenSettings.jwksUrl.env]: elsewhere.jwksUrl,
      [tokenSettings.jwtIssuer.env]: provider.issuer,
      [tokenSettings.jwtAudience.env]: provider.audience,
    });
    expect(opened(elsewhere)).toMatchObject([{ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }], ports: [{ port: 8443 }] }]);
  });

  it('lets the gateway through to the stated addresses alone', () => {
    expect(opened({ ...provider, cidrs: ['198.51.100.0/24'] })).toMatchObject([
      { to: [{ ipBlock: { cidr: '198.51.100.0/24' } }], ports: [{ port: 443 }] },
    ]);
  });

  it('must fetch the keys over TLS', () => {
    expect(() => manifestsWith({ ...provider, jwksUrl: 'http://id.example.com/keys' })).toThrow(
      'identityProvider.jwksUrl: "http://id.example.com/keys" must be the https:// address',
    );
  });
});

it('an environment without one tells the gateway of none', () => {
  expect(Object.keys(gatewayOf(undefined).settings)).not.toContain(tokenSettings.jwksUrl.env);
});
