import { type Counter, type MetricUnit, rateOf, type Scope } from '../../contract/vocabulary/index.js';

/** What a panel's numbers are: a metric's own unit, so much each second, or pods. */
export type PanelUnit = MetricUnit | `${MetricUnit} per second` | 'pods';

/** One expression, and how its lines are called: `{{job}}` stands for the label's value. */
export interface PanelQuery {
  readonly expr: string;
  readonly legend: string;
}

/** A graph of expressions that have one unit. */
export interface Panel {
  readonly title: string;
  readonly unit: PanelUnit;
  readonly queries: readonly PanelQuery[];
}

export interface PanelRow {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** What people look at together; Grafana or another shows it. */
export interface Dashboard {
  /** Lower case letters and dashes. It is in the dashboard's address. */
  readonly id: string;
  readonly title: string;
  readonly rows: readonly PanelRow[];
}

/** How fast a counter grows, a line for each value of the labels `by`. */
export function ratePanel(title: string, metric: Counter, scope: Scope): Panel {
  return {
    title,
    unit: `${metric.unit} per second`,
    queries: [{ expr: rateOf(metric, scope), legend: legendOf(scope.by) }],
  };
}

/** The values of the labels, one after the other. */
export function legendOf(labels: readonly string[] = []): string {
  return labels.map((label) => `{{${label}}}`).join(' ') || 'all';
}

/** A line that stays where it is: a target, a limit. */
export function levelQuery(value: number, legend: string): PanelQuery {
  return { expr: `vector(${value})`, legend };
}
