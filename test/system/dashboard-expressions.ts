import { at, type Manifest } from '../support/cluster.js';

/** One expression that a dashboard shows. */
export interface DashboardExpression {
  readonly dashboard: string;
  readonly panel: string;
  /** Unit as Grafana calls it: `s`, `percentunit`, `suffix: tokens/s`. */
  readonly unit: string;
  readonly legend: string;
  readonly expr: string;
}

interface DrawnPanel {
  readonly type: string;
  readonly title: string;
  readonly fieldConfig: { readonly defaults: { readonly unit: string } };
  readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
}

/** Every expression of the dashboards among synthesised objects, as Grafana will read it. */
export function dashboardExpressions(objects: readonly Manifest[]): readonly DashboardExpression[] {
  return objects
    .filter(({ kind }) => kind === 'ConfigMap')
    .flatMap((one) => Object.entries((at(one, 'data') ?? {}) as Record<string, string>))
    .filter(([, text]) => text.startsWith('{"uid"'))
    .flatMap(([, text]) => {
      const { uid, panels } = JSON.parse(text) as { uid: string; panels: readonly DrawnPanel[] };
      return panels
        .filter(({ type }) => type !== 'row')
        .flatMap(({ title, fieldConfig, targets }) =>
          targets.map(({ expr, legendFormat }) => ({
            dashboard: uid,
            panel: title,
            unit: fieldConfig.defaults.unit,
            legend: legendFormat,
            expr,
          })),
        );
    });
}
