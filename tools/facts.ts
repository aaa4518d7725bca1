import {
  type Endpoint,
  type Metric,
  retryQueueName,
  type ScalingMetric,
  type Setting,
  serviceUrl,
  type TaskTopology,
} from '../contract/index.js';

export const FACT_KINDS = ['port', 'url', 'queue', 'exchange', 'metric', 'setting', 'header'] as const;
export type FactKind = (typeof FACT_KINDS)[number];

/** Something that the contract states, and that nobody else may state again. */
export interface Fact {
  readonly kind: FactKind;
  /** The fact as it would be written elsewhere: a name, a URL, a port's digits. */
  readonly text: string;
  /** What to import instead, such as `ports.chat`. */
  readonly contractName: string;
}

/** Below it a number in the code is more likely a count than a port. */
const LOWEST_PORT = 1024;

/**
 * Every fact of a contract, told by the shape of its exported values: an object with `env` and `schema` is a setting, wherever
 * it stands. A fact that is reachable under several names has the nearest: `httpRequests.name`, not `httpMetrics[0].name`.
 * @param contract a module's exports, by name.
 */
export function factsOf(contract: Readonly<Record<string, unknown>>): Fact[] {
  const facts = Object.entries(contract).flatMap(([name, value]) => factsIn(value, name, new Set()));
  const byText = new Map<string, Fact>();
  for (const fact of facts) {
    const key = `${fact.kind} ${fact.text}`;
    const known = byText.get(key);
    if (known === undefined || isNearer(fact.contractName, known.contractName)) byText.set(key, fact);
  }
  return [...byText.values()];
}

function isNearer(a: string, b: string): boolean {
  const steps = (name: string) => name.split(/[.[]/).length;
  return steps(a) < steps(b) || (steps(a) === steps(b) && a.length < b.length);
}

function factsIn(value: unknown, contractName: string, parents: ReadonlySet<unknown>): Fact[] {
  if (typeof value === 'number') return isPort(value, contractName) ? [port(value, contractName)] : [];
  if (typeof value === 'string') return isHeader(contractName) ? [{ kind: 'header', text: value, contractName }] : [];
  if (typeof value !== 'object' || value === null || parents.has(value)) return [];
  const own = ownFacts(value, contractName);
  // A setting's schema is the schema library's own machinery, deep and without facts.
  if (own.some((fact) => fact.kind === 'setting')) return own;
  const path = new Set(parents).add(value);
  return [...own, ...Object.entries(value).flatMap(([key, part]) => factsIn(part, member(contractName, key), path))];
}

/** What an object states as a whole; its parts are looked at on their own. */
function ownFacts(value: object, contractName: string): Fact[] {
  if (isSetting(value)) return [{ kind: 'setting', text: value.env, contractName: `${contractName}.env` }];
  if (isTopology(value)) return topologyFacts(value, contractName);
  if (isMetric(value)) return [{ kind: 'metric', text: value.name, contractName: `${contractName}.name` }];
  if (isEndpoint(value)) return [{ kind: 'url', text: serviceUrl(value), contractName: `serviceUrl(${contractName})` }];
  return [];
}

function topologyFacts(topology: TaskTopology, contractName: string): Fact[] {
  return [
    { kind: 'exchange', text: topology.exchange, contractName: `${contractName}.exchange` },
    { kind: 'queue', text: topology.deadLetterQueue, contractName: `${contractName}.deadLetterQueue` },
    ...topology.queues.map(
      ({ name }, i): Fact => ({ kind: 'queue', text: name, contractName: `${contractName}.queues[${i}].name` }),
    ),
    ...topology.retryDelaysSeconds.map(
      (_, retry): Fact => ({
        kind: 'queue',
        text: retryQueueName(topology, retry),
        contractName: `retryQueueName(${contractName}, ${retry})`,
      }),
    ),
  ];
}

function port(value: number, contractName: string): Fact {
  return { kind: 'port', text: String(value), contractName };
}

function isPort(value: number, contractName: string): boolean {
  return value >= LOWEST_PORT && /^(ports|wellKnownPorts)\b|port$/i.test(contractName);
}

function isHeader(contractName: string): boolean {
  return /(_HEADER|Header|Headers\.\w+|Header\.name)$/.test(contractName);
}

function isSetting(value: object): value is Setting {
  return 'env' in value && typeof value.env === 'string' && 'schema' in value;
}

function isTopology(value: object): value is TaskTopology {
  return 'exchange' in value && typeof value.exchange === 'string' && 'deadLetterQueue' in value;
}

function isMetric(value: object): value is Metric | ScalingMetric {
  return (
    'name' in value && typeof value.name === 'string' && 'unit' in value && ('kind' in value || 'expression' in value)
  );
}

function isEndpoint(value: object): value is Endpoint {
  return 'name' in value && typeof value.name === 'string' && 'port' in value && typeof value.port === 'number';
}

function member(contractName: string, key: string): string {
  return /^\d+$/.test(key) ? `${contractName}[${key}]` : `${contractName}.${key}`;
}
