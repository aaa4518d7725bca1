import type * as grafana from '@grafana/grafana-foundation-sdk/dashboard';
import type { Dataquery } from '@grafana/grafana-foundation-sdk/prometheus';
import type { Dashboard, Panel, PanelUnit } from './dashboard.js';

/**
 * Only the types are Grafana's: its builders, 200 modules, would be loaded at every synthesis (docs/decisions/0027). They mark a query
 * by a method, which is nothing that Grafana reads.
 */
type Query = Omit<Dataquery, '_implementsDataqueryVariant'>;
type GrafanaPanel = Omit<grafana.Panel, 'targets'> & { readonly targets: readonly Query[] };
type GrafanaDashboard = Omit<grafana.Dashboard, 'panels'> & {
  readonly panels: readonly (grafana.RowPanel | GrafanaPanel)[];
};

/** Grafana's grid is 24 wide. */
const PANEL = { w: 8, h: 8 } as const;
const PANELS_ACROSS = 24 / PANEL.w;

/** A file of one dashboard, each panel on a line of its own for whoever reads a difference. */
export function dashboardFile(dashboard: Dashboard, datasource: string): string {
  const { panels, ...head } = grafanaDashboard(dashboard, datasource);
  const lines = panels.map((panel) => JSON.stringify(panel)).join(',\n');
  return `${JSON.stringify(head).slice(0, -1)},"panels":[\n${lines}\n]}\n`;
}

/**
 * A dashboard as Grafana reads it.
 * @param datasource uid of the Prometheus that it asks
 */
export function grafanaDashboard({ id, title, rows }: Dashboard, datasource: string): GrafanaDashboard {
  let y = 0;
  let panelId = 0;
  const panels = rows.flatMap((row): (grafana.RowPanel | GrafanaPanel)[] => {
    const top = y + 1;
    const title: grafana.RowPanel = {
      type: 'row',
      id: ++panelId,
      title: row.title,
      collapsed: false,
      panels: [],
      gridPos: { x: 0, y, w: 24, h: 1 },
    };
    y = top + PANEL.h * Math.ceil(row.panels.length / PANELS_ACROSS);
    const drawn = row.panels.map((panel, i) => ({
      ...grafanaPanel(panel, datasource),
      id: ++panelId,
      gridPos: { x: PANEL.w * (i % PANELS_ACROSS), y: top + PANEL.h * Math.floor(i / PANELS_ACROSS), ...PANEL },
    }));
    return [title, ...drawn];
  });
  return {
    uid: id,
    title,
    schemaVersion: 42,
    editable: false,
    timezone: 'browser',
    // One cursor over all panels.
    graphTooltip: 1,
    time: { from: 'now-3h', to: 'now' },
    refresh: '30s',
    templating: {},
    annotations: {},
    panels,
  };
}

function grafanaPanel({ title, unit, queries }: Panel, datasource: string): GrafanaPanel {
  return {
    type: 'timeseries',
    title,
    datasource: { type: 'prometheus', uid: datasource },
    fieldConfig: { defaults: { unit: grafanaUnit(unit), min: 0 }, overrides: [] },
    options: {
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
    targets: queries.map(({ expr, legend }, i) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + i),
      expr,
      legendFormat: legend,
      range: true,
      instant: false,
    })),
  };
}

/** Grafana's names of units; what it does not know it writes behind the number. */
function grafanaUnit(unit: PanelUnit): string {
  switch (unit) {
    case 'seconds':
      return 's';
    case 'bytes':
      return 'bytes';
    case 'ratio':
      return 'percentunit';
    case 'dollars':
      return 'currencyUSD';
    default:
      return `suffix: ${unit.replace(' per second', '/s')}`;
  }
}
