import { App, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { LlmService } from '../../constructs/index.js';
import { testPlatform } from '../support/cluster.js';
import { translatorProps } from '../support/own-contract.js';

export const platform = testPlatform();
export const chart = () => new Chart(new App({ outdir: '.' }), 'test');

/** The translator of a team of its own, with what a fault changes of it. */
export function service(own: object = {}, scope: Construct = chart()): LlmService {
  return new LlmService(scope, 'translator', { ...translatorProps, platform, replicas: 'autoscaled', ...own });
}
