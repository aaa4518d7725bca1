import * as grpc from '@grpc/grpc-js';
import { EngineService } from '@pulumi/pulumi/proto/engine_grpc_pb.js';
import engine from '@pulumi/pulumi/proto/engine_pb.js';
import { ResourceMonitorService } from '@pulumi/pulumi/proto/resource_grpc_pb.js';
import resource from '@pulumi/pulumi/proto/resource_pb.js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import struct from 'google-protobuf/google/protobuf/struct_pb.js';
import { awsState } from './aws/aws-state.fixture.js';
import { type RegisterRequest, type Registration, registrationOf } from './recorded-run.fixture.js';

type Handler<Request> = (call: { request: Request }, answer: (error: unknown, response?: unknown) => void) => void;

/**
 * The engine's side of Pulumi's protocol, on loopback: it makes nothing, tells every program that its resources were made as it asked,
 * and keeps what was asked.
 */
export class EngineStandIn {
  readonly registrations: Registration[] = [];
  /** What the program logged as errors. */
  readonly errors: string[] = [];
  /** The stack's outputs, as they went over the wire. */
  outputs: Readonly<Record<string, unknown>> = {};
  #root = '';

  private constructor(
    private readonly server: grpc.Server,
    private readonly apply: (registration: Registration) => Promise<void>,
  ) {}

  /** @param apply what is done with each resource before the program hears that it stands */
  static async start(apply: (registration: Registration) => Promise<void> = async () => {}): Promise<EngineStandIn> {
    const server = new grpc.Server();
    const standIn = new EngineStandIn(server, apply);
    server.addService(ResourceMonitorService as unknown as grpc.ServiceDefinition, standIn.#monitor());
    server.addService(EngineService as unknown as grpc.ServiceDefinition, standIn.#engine());
    const bind = (done: (error: Error | null, port: number) => void) =>
      server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), done);
    standIn.#port = await new Promise<number>((bound, failed) =>
      bind((error, port) => (error ? failed(error) : bound(port))),
    );
    return standIn;
  }

  #port = 0;
  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  stop(): void {
    this.server.forceShutdown();
  }

  #monitor(): grpc.UntypedServiceImplementation {
    const supportsFeature: Handler<resource.SupportsFeatureRequest> = ({ request }, answer) => {
      const response = new resource.SupportsFeatureResponse();
      response.setHassupport(!['outputValues', 'transforms', 'invokeTransforms'].includes(request.getId()));
      answer(null, response);
    };
    const registerResource: Handler<resource.RegisterResourceRequest> = ({ request }, answer) => {
      const response = new resource.RegisterResourceResponse();
      const urn = urnOf(request);
      response.setUrn(urn);
      response.setId(request.getCustom() ? request.getName() : '');
      const inputs = request.getObject()?.toJavaScript() ?? {};
      const state = awsState(request.getType(), request.getName(), inputs);
      response.setObject(struct.Struct.fromJavaScript(state as Parameters<typeof struct.Struct.fromJavaScript>[0]));
      const registration = registrationOf(request as unknown as RegisterRequest, urn);
      this.registrations.push(registration);
      this.apply(registration).then(
        () => answer(null, response),
        (error: unknown) => answer(error),
      );
    };
    const registerResourceOutputs: Handler<resource.RegisterResourceOutputsRequest> = ({ request }, answer) => {
      if (request.getUrn() === this.#root) this.outputs = request.getOutputs()?.toJavaScript() ?? {};
      answer(null, new empty.Empty());
    };
    const signalAndWaitForShutdown: Handler<empty.Empty> = (_, answer) => answer(null, new empty.Empty());
    return { supportsFeature, registerResource, registerResourceOutputs, signalAndWaitForShutdown } as never;
  }

  #engine(): grpc.UntypedServiceImplementation {
    const log: Handler<engine.LogRequest> = ({ request }, answer) => {
      if (request.getSeverity() === engine.LogSeverity.ERROR) this.errors.push(request.getMessage());
      answer(null, new empty.Empty());
    };
    const setRootResource: Handler<engine.SetRootResourceRequest> = ({ request }, answer) => {
      this.#root = request.getUrn();
      answer(null, new engine.SetRootResourceResponse());
    };
    return { log, setRootResource } as never;
  }
}

/** As the engine makes it: of the types of all parents but the stack, the type and the name. */
function urnOf(request: resource.RegisterResourceRequest): string {
  const [, , parents = ''] = request.getParent().split('::');
  const types = [
    ...parents.split('$').filter((type) => type !== '' && type !== 'pulumi:pulumi:Stack'),
    request.getType(),
  ];
  return ['urn:pulumi:stack', 'armature', types.join('$'), request.getName()].join('::');
}
