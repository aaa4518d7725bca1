import { type SecretRef, secretPath } from '../workload/secret-ref.js';
import { yamlOf } from '../yaml.js';

export interface GrafanaConfiguration {
  readonly port: number;
  readonly adminPassword: SecretRef;
  /** Uid of the datasource. */
  readonly datasource: string;
  readonly prometheusUrl: string;
  readonly intervalSeconds: number;
  /** Folder of the dashboards' files. */
  readonly dashboardPath: string;
  /** File of the dashboard that people see first. */
  readonly home: string;
}

/** A file of Grafana's: its key in the ConfigMap, and where Grafana looks for it below its own folder. */
export interface GrafanaFile {
  readonly key: string;
  readonly path: string;
  readonly text: string;
}

/**
 * Everything that Grafana reads at its start.
 * @see https://grafana.com/docs/grafana/latest/administration/provisioning/
 */
export function grafanaFiles(configuration: GrafanaConfiguration): readonly GrafanaFile[] {
  const { datasource, prometheusUrl, intervalSeconds, dashboardPath } = configuration;
  return [
    { key: 'grafana.ini', path: 'grafana.ini', text: settings(configuration) },
    {
      key: 'datasources.yaml',
      path: 'provisioning/datasources/datasources.yaml',
      text: yamlOf({
        apiVersion: 1,
        datasources: [
          {
            name: 'Prometheus',
            uid: datasource,
            type: 'prometheus',
            access: 'proxy',
            url: prometheusUrl,
            isDefault: true,
            editable: false,
            jsonData: { httpMethod: 'POST', timeInterval: `${intervalSeconds}s` },
          },
        ],
      }),
    },
    {
      key: 'dashboards.yaml',
      path: 'provisioning/dashboards/dashboards.yaml',
      text: yamlOf({
        apiVersion: 1,
        providers: [
          {
            name: 'armature',
            type: 'file',
            disableDeletion: true,
            allowUiUpdates: false,
            updateIntervalSeconds: 30,
            options: { path: dashboardPath },
          },
        ],
      }),
    },
  ];
}

/** It calls nobody but Prometheus: what it would tell or fetch elsewhere is off, and its network policy would stop it anyway. */
function settings({ port, adminPassword, home }: GrafanaConfiguration): string {
  const sections: Readonly<Record<string, Readonly<Record<string, string | number | boolean>>>> = {
    server: { http_port: port },
    security: { admin_password: `$__file{${secretPath(adminPassword)}}`, disable_gravatar: true },
    users: { allow_sign_up: false },
    dashboards: { default_home_dashboard_path: home },
    // Alerts are Prometheus' own.
    unified_alerting: { enabled: false },
    plugins: { preinstall_disabled: true, plugin_admin_enabled: false },
    analytics: { reporting_enabled: false, check_for_updates: false, check_for_plugin_updates: false },
    news: { news_feed_enabled: false },
  };
  return Object.entries(sections)
    .flatMap(([name, values]) => [
      `[${name}]`,
      ...Object.entries(values).map(([key, value]) => `${key} = ${value}`),
      '',
    ])
    .join('\n');
}
