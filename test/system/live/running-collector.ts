import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { otelCollector } from '../../../contract/index.js';
import { find, type Manifest } from '../../support/cluster.js';
import { freePorts, Program } from '../program.js';

const SPAN = { traceId: '5b8efff798038103d269b633813fc60c', spanId: 'eee19b7ec3c1b174', name: 'chat', kind: 2 };
const SPANS = JSON.stringify({ resourceSpans: [{ resource: {}, scopeSpans: [{ spans: [SPAN] }] }] });

/** An OpenTelemetry collector on loopback with an environment's own configuration: other addresses, and a token's file that is there. */
export class RunningCollector {
  private constructor(
    readonly program: Program,
    private readonly url: string,
    /** `host:port` of its metrics. */
    readonly metricsAddress: string,
  ) {}

  /**
   * @param id tells it from others in the folder
   * @param backend whom it sends spans to
   * @param more of its configuration, laid over the environment's. @default none
   */
  static async start(
    objects: readonly Manifest[],
    { folder, id, backend, more = {} }: { folder: string; id: string; backend: string; more?: object },
  ): Promise<RunningCollector> {
    const [http = 0, health = 0, metrics = 0] = await freePorts(3);
    const { data } = find(objects, 'ConfigMap', `${otelCollector.name}-configuration`);
    const text = (data as Record<string, string>)['collector.yaml'] ?? '';
    const own = text
      .replace(`0.0.0.0:${otelCollector.port}`, `127.0.0.1:${http}`)
      .replace(/0\.0\.0\.0:\d+/, `127.0.0.1:${health}`)
      .replace(/host: 0\.0\.0\.0\n(\s+)port: \d+/, `host: 127.0.0.1\n$1port: ${metrics}`)
      .replace(/https:\/\/\S+/, backend)
      .replace('/var/run/secrets/armature', join(folder, 'secrets'));
    const files = { [`${id}.yaml`]: own, [`${id}-more.yaml`]: JSON.stringify(more) };
    const flags = Object.entries(files).map(([name, content]) => {
      writeFileSync(join(folder, name), content);
      return `--config=${join(folder, name)}`;
    });
    const program = new Program(otelCollector.name, flags, folder);
    await program.until(async () => (await fetch(`http://127.0.0.1:${health}`)).ok);
    return new RunningCollector(program, `http://127.0.0.1:${http}/v1/traces`, `127.0.0.1:${metrics}`);
  }

  /** Sends it a span, as a process does. @returns the answer's status */
  async send(): Promise<number> {
    const headers = { 'content-type': 'application/json' };
    return (await fetch(this.url, { method: 'POST', headers, body: SPANS })).status;
  }
}
