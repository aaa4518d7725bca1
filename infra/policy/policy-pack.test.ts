import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import * as grpc from '@grpc/grpc-js';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { AnalyzerClient } from '@pulumi/pulumi/proto/analyzer_grpc_pb.js';
import analyzer from '@pulumi/pulumi/proto/analyzer_pb.js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import struct from 'google-protobuf/google/protobuf/struct_pb.js';
import { projectFolder } from '../language-host.fixture.js';
import { policies } from './policies.js';

const require = createRequire(import.meta.url);
const packFolder = join(projectFolder, 'infra', 'policy');
let host: ChildProcess;
let client: AnalyzerClient;

/** Pulumi's own host of policy packs, on the folder that `--policy-pack` names. It prints the port on which it serves the pack. */
beforeAll(async () => {
  const entry = dirname(require.resolve('@pulumi/pulumi/cmd/run-policy-pack/index.js'));
  host = spawn(process.execPath, [entry, '127.0.0.1:1', packFolder, `--pwd=${packFolder}`], {
    cwd: packFolder,
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = (await once(createInterface({ input: host.stdout as NodeJS.ReadableStream }), 'line')) as [string];
  client = new AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
});
afterAll(async () => {
  client?.close();
  const ended = once(host, 'exit');
  host.kill();
  await ended;
});

test("Pulumi's own host serves every policy of the pack, each as strict as it says", async () => {
  const info = await new Promise<analyzer.AnalyzerInfo>((answered, failed) =>
    client.getAnalyzerInfo(new empty.Empty(), (error, response) => (error ? failed(error) : answered(response))),
  );
  expect(info.getName()).toBe('armature');
  const levels = new Map([
    [analyzer.EnforcementLevel.MANDATORY, 'mandatory'],
    [analyzer.EnforcementLevel.ADVISORY, 'advisory'],
  ]);
  expect(info.getPoliciesList().map((one) => [one.getName(), levels.get(one.getEnforcementlevel())])).toEqual(
    policies.map(({ name, enforcementLevel }) => [name, enforcementLevel]),
  );
});

test('it refuses a stack in which data is not protected', async () => {
  const request = new analyzer.AnalyzeStackRequest();
  request.addResources(claim('kept', true));
  request.addResources(claim('exposed', false));
  const { diagnostics } = await new Promise<{ diagnostics: analyzer.AnalyzeDiagnostic[] }>((answered, failed) =>
    client.analyzeStack(request, (error, response) =>
      error ? failed(error) : answered({ diagnostics: response.getDiagnosticsList() }),
    ),
  );
  const found = diagnostics.filter((one) => one.getPolicyname() === 'protected-data');
  expect(found.map((one) => [one.getUrn(), one.getEnforcementlevel()])).toEqual([
    ['urn:exposed', analyzer.EnforcementLevel.MANDATORY],
  ]);
});

function claim(name: string, protect: boolean): analyzer.AnalyzerResource {
  const options = new analyzer.AnalyzerResourceOptions();
  options.setProtect(protect);
  const resource = new analyzer.AnalyzerResource();
  resource.setType('kubernetes:core/v1:PersistentVolumeClaim');
  resource.setName(name);
  resource.setUrn(`urn:${name}`);
  resource.setOptions(options);
  const metadata = { name, namespace: 'team' };
  resource.setProperties(struct.Struct.fromJavaScript({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata }));
  return resource;
}
