import * as common from '@grafana/grafana-foundation-sdk/common';
import {
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  TooltipDisplayMode,
} from '@grafana/grafana-foundation-sdk/common';
import { DashboardBuilder, DashboardCursorSync, RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { describe, expect, test } from '@jest/globals';
import { translations } from '../../test/support/own-contract.js';
import { type Dashboard, levelQuery, type PanelUnit, ratePanel } from './dashboard.js';
import { dashboardFile, grafanaDashboard } from './grafana-dashboard.js';

const datasource = { type: 'prometheus', uid: 'here' };
const panel = ratePanel('By language', translations, { by: ['language'], windowSeconds: 60 });
const dashboard = (unit: PanelUnit = panel.unit): Dashboard => ({
  id: 'words',
  title: 'Words',
  rows: [
    {
      title: 'First',
      panels: [{ ...panel, unit, queries: [...panel.queries, levelQuery(3, 'target')] }, panel, panel, panel],
    },
    { title: 'Second', panels: [panel] },
  ],
});

describe('a dashboard of Grafana', () => {
  test('is what Grafana’s own builders make', () => {
    const query = (refId: string, expr: string, legend: string) =>
      new DataqueryBuilder().refId(refId).expr(expr).legendFormat(legend).range();
    const built = new DashboardBuilder('Words')
      .uid('words')
      .readonly()
      .timezone('browser')
      .tooltip(DashboardCursorSync.Crosshair)
      .time({ from: 'now-3h', to: 'now' })
      .refresh('30s')
      .withRow(new RowBuilder('First').id(1))
      .withPanel(
        new PanelBuilder()
          .id(2)
          .title('By language')
          .datasource(datasource)
          .unit('suffix: events/s')
          .min(0)
          .span(8)
          .height(8)
          .legend(
            new common.VizLegendOptionsBuilder()
              .displayMode(LegendDisplayMode.List)
              .placement(LegendPlacement.Bottom)
              .showLegend(true),
          )
          .tooltip(new common.VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
          .withTarget(query('A', 'sum by (language) (rate(translations_total[60s]))', '{{language}}'))
          .withTarget(query('B', 'vector(3)', 'target')),
      )
      .build();
    const ours = JSON.parse(JSON.stringify(grafanaDashboard(dashboard(), 'here')));
    const theirs = JSON.parse(JSON.stringify(built));
    // Defaults that Grafana fills in where they are left out.
    const { transparent, repeatDirection, fieldConfig, ...theirPanel } = theirs.panels[1];
    delete fieldConfig.defaults.custom;
    expect({ ...ours, panels: ours.panels.slice(0, 2) }).toEqual({
      ...theirs,
      fiscalYearStartMonth: undefined,
      panels: [theirs.panels[0], { ...theirPanel, fieldConfig }],
    });
  });

  test('has its panels three in a row, below the title of each row, and every id once', () => {
    const { panels } = grafanaDashboard(dashboard(), 'here');
    expect(panels.map(({ gridPos }) => [gridPos?.x, gridPos?.y, gridPos?.w])).toEqual([
      [0, 0, 24],
      [0, 1, 8],
      [8, 1, 8],
      [16, 1, 8],
      [0, 9, 8],
      [0, 17, 24],
      [0, 18, 8],
    ]);
    expect(panels.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test.each<[PanelUnit, string]>([
    ['seconds', 's'],
    ['ratio', 'percentunit'],
    ['dollars', 'currencyUSD'],
    ['bytes', 'bytes'],
    ['tokens per second', 'suffix: tokens/s'],
    ['pods', 'suffix: pods'],
  ])('shows %s as %s, unscaled', (unit, grafana) => {
    const [, first] = grafanaDashboard(dashboard(unit), 'here').panels;
    expect(first).toMatchObject({ fieldConfig: { defaults: { unit: grafana } } });
  });

  test('is a file of the same content with a line for each panel', () => {
    const text = dashboardFile(dashboard(), 'here');
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(grafanaDashboard(dashboard(), 'here'))));
    expect(text.split('\n').filter((line) => line.startsWith('{"type"'))).toHaveLength(7);
  });
});
