import {
  type Dashboard,
  Dashboards,
  Grafana,
  LlmService,
  levelQuery,
  PlatformNamespace,
  Prometheus,
  ratePanel,
  secretKey,
} from 'armature/constructs';
import { grafana, quantileOf } from 'armature/contract';
import { thirdPartyImages as images } from 'armature/stacks';
import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { ownPrometheus } from './objectives.js';
import { resources, team, translatorProps } from './team.js';
import { translations, translationTime, translator } from './translator.js';

const lastMinutes = { matchers: { job: translator.name }, windowSeconds: 120 };
const slowest = { expr: quantileOf(translationTime, 0.99, lastMinutes), legend: 'p99' };
const dashboard: Dashboard = {
  id: 'translations',
  title: 'Translations',
  rows: [
    {
      title: 'Translator',
      panels: [
        ratePanel('Answers by status', translations, { ...lastMinutes, by: ['status'] }),
        { title: 'Time of the slowest', unit: 'seconds', queries: [slowest, levelQuery(1, 'objective')] },
      ],
    },
  ],
};

/** What people look at: a dashboard as code, of what Prometheus knows. */
export class DashboardsAsCode extends Chart {
  constructor(scope: Construct) {
    super(scope, 'dashboards');
    const platform = new PlatformNamespace(this, 'namespace', team);
    new LlmService(this, 'translator', { ...translatorProps, platform, replicas: 2 });
    const measured = new Prometheus(this, 'prometheus', { ...ownPrometheus, platform, alerts: [] });
    new Grafana(this, 'grafana', {
      platform,
      spec: grafana,
      choice: Dashboards.grafana({ adminPassword: secretKey('grafana', 'admin-password'), resources }),
      image: images.grafana,
      prometheusUrl: measured.url,
      intervalSeconds: ownPrometheus.intervalSeconds,
      dashboards: [dashboard],
    });
  }
}
