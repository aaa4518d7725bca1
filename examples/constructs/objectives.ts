import { type AlertRule, jobMatchers, serverErrors, serviceTarget, targetDown } from 'armature/constructs';
import { availability, latency, slo } from 'armature/contract';
import { team } from './team.js';
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
