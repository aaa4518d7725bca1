import type { Construct } from 'constructs';
import type { EnvironmentConfigInput } from './environment-config.js';

/** What the place where an environment is brought up changes in its config: a cloud's stores and nodes in the place of its own. */
export type Site = (config: EnvironmentConfigInput) => EnvironmentConfigInput;

const CONTEXT_KEY = 'armature.dev/site';

/** Puts every environment below a scope at a site, whatever config its class passes. The scope must have no children yet. */
export function placeAt(scope: Construct, site: Site): void {
  scope.node.setContext(CONTEXT_KEY, site);
}

/** The config as it is at the scope's site; itself where there is none. */
export function configAtSite(scope: Construct, config: EnvironmentConfigInput): EnvironmentConfigInput {
  const site: Site | undefined = scope.node.tryGetContext(CONTEXT_KEY);
  return site ? site(config) : config;
}
