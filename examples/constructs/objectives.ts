import { type AlertRule, jobMatchers, serverErrors, serviceTarget, targetDown } from 'armature/constructs';
import { availability, latency, prometheus, SCRAPE_INTERVAL_SECONDS, slo } from 'armature/contract';
import { thirdPartyImages } from 'armature/stacks';
import { resources, team } from './team.js';
import { translations, translationTime, translator } from './translator.js';

const month = { of: translator, windowDays: 30 };

/** What the translator's users are promised. Each has its alerts, at four paces of a burning error budget. */
export const objectives = [
  slo({
    ...month,
    name: 'translator-availability',
    objective: 0.999,
    indicator: availability(translations, { status: '~5..' }),
  }),
  slo({ ...month, name: 'translator-latency', objective: 0.95, indicator: latency(translationTime, 1) }),
];

/** What else somebody must act on. */
export const alerts: readonly AlertRule[] = [
  targetDown({ namespace: team.namespace }),
  serverErrors(translations, jobMatchers(team, translator.name), 0.05),
];

/** What both Prometheus and one of the operator's is told. */
export const watched = {
  targets: [serviceTarget(translator)],
  recorded: [],
  slos: objectives,
  runbooks: 'https://runbooks.example.com',
};

/** The team's own Prometheus, which does so. */
export const ownPrometheus = {
  ...watched,
  spec: prometheus,
  image: thirdPartyImages.prometheus,
  size: { storage: '20Gi', retentionDays: 15, resources },
  intervalSeconds: SCRAPE_INTERVAL_SECONDS,
} as const;
