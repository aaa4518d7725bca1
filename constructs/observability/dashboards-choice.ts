import * as z from 'zod';
import { resources } from '../workload/quantity.js';
import { secretRef } from '../workload/secret-ref.js';

/** Who shows the platform's dashboards, or why nobody does. */
export const dashboardsChoice = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('grafana'),
    /** Password of the user `admin`, the only one that there is at the start. */
    adminPassword: secretRef,
    resources,
  }),
  z.strictObject({ kind: z.literal('none'), why: z.string().min(1, 'must say why nobody looks at dashboards') }),
]);
export type DashboardsChoice = Readonly<z.infer<typeof dashboardsChoice>>;
export type GrafanaChoice = Extract<DashboardsChoice, { kind: 'grafana' }>;
type None = Extract<DashboardsChoice, { kind: 'none' }>;

/** The two ways. */
export const Dashboards = {
  /** A Grafana in the cluster, with the dashboards that are derived from the contract. */
  grafana(props: Omit<GrafanaChoice, 'kind'>): GrafanaChoice {
    return { kind: 'grafana', ...props };
  },

  /** Nobody, and why. What would be shown is still in Prometheus. */
  none(why: string): None {
    return { kind: 'none', why };
  },
} as const;
