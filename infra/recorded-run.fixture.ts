import * as pulumi from '@pulumi/pulumi';
import { awsState } from './aws/aws-state.fixture.js';

/** What the program asks the engine to register, as the request says it. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly parent: string;
  readonly provider: string;
  /** As they go over the wire: a secret is a mapping that says so. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** URNs of what must stand before it. */
  readonly dependencies: readonly string[];
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly ignoreChanges: readonly string[];
  readonly additionalSecretOutputs: readonly string[];
  /** Types of its aliases. */
  readonly aliasTypes: readonly string[];
}

export interface RecordedRun<Outputs> {
  readonly registrations: readonly Registration[];
  readonly outputs: Outputs;
}

export interface RunOptions {
  readonly stack: string;
  /** By full key, such as `armature:target`. */
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys?: readonly string[];
  /** Whether nothing that the cluster would say is known yet. @default false */
  readonly preview?: boolean;
}

/** The part of a RegisterResourceRequest that is read here. */
export interface RegisterRequest {
  getType(): string;
  getName(): string;
  getParent(): string;
  getProvider(): string;
  getObject(): { toJavaScript(): Record<string, unknown> };
  getDependenciesList(): string[];
  getProtect(): boolean;
  getRetainondelete(): boolean;
  getIgnorechangesList(): string[];
  getAdditionalsecretoutputsList(): string[];
  getAliasesList(): { getSpec(): { getType(): string } | undefined }[];
}
interface Monitor {
  registerResource(
    request: RegisterRequest,
    callback: (error: unknown, response?: { getUrn(): string }) => void,
  ): unknown;
}

/** Runs a program to its end under Pulumi's own mocks, and keeps every request that it makes. */
export async function recordedRun<Outputs>(program: () => Outputs, options: RunOptions): Promise<RecordedRun<Outputs>> {
  const registrations = await mockedEngine(options);
  let outputs: Outputs | undefined;
  // Pulumi keeps a stack trace of every promise, and Jest translates each line of it: half of all the time that a run takes.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    await pulumi.runtime.runInPulumiStack(async () => {
      outputs = program();
      return outputs as never;
    });
    // What a resource says may make others: all is said when a whole turn of the event loop brings nothing more.
    for (let before = -1; before < registrations.length; ) {
      before = registrations.length;
      await new Promise(setImmediate);
      await pulumi.runtime.disconnect();
    }
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  return { registrations, outputs: outputs as Outputs };
}

/**
 * Puts Pulumi's own mocks and a configuration in the place of the engine.
 *
 * @returns what is registered from here on. The mocks themselves are shown neither dependencies nor options.
 */
export async function mockedEngine(options: RunOptions): Promise<readonly Registration[]> {
  const { stack, config, secretKeys = [], preview = false } = options;
  await pulumi.runtime.setMocks(
    {
      call: () => ({}),
      newResource: ({ type, name, inputs }) =>
        preview ? { id: undefined, state: {} } : { id: name, state: awsState(type, name, inputs) },
    },
    'armature',
    stack,
    preview,
  );
  pulumi.runtime.setAllConfig({ ...config }, [...secretKeys]);
  const registrations: Registration[] = [];
  record(pulumi.runtime.getMonitor() as unknown as Monitor, registrations);
  return registrations;
}

function record(monitor: Monitor, registrations: Registration[]): void {
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) =>
    register(request, (error, response) => {
      if (response !== undefined) registrations.push(registrationOf(request, response.getUrn()));
      callback(error, response);
    });
}

/** What a request asks for. */
export function registrationOf(request: RegisterRequest, urn: string): Registration {
  return {
    type: request.getType(),
    name: request.getName(),
    urn,
    parent: request.getParent(),
    provider: request.getProvider(),
    inputs: request.getObject().toJavaScript(),
    dependencies: request.getDependenciesList(),
    protect: request.getProtect(),
    retainOnDelete: request.getRetainondelete(),
    ignoreChanges: request.getIgnorechangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    aliasTypes: request.getAliasesList().map((alias) => alias.getSpec()?.getType() ?? ''),
  };
}

/** What outputs have become. */
export async function said(outputs: object): Promise<object> {
  return new Promise((known) => pulumi.output(outputs).apply(known));
}
