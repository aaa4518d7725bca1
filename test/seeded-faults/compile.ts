import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const folder = dirname(fileURLToPath(import.meta.url));
const projectFile = join(folder, '..', '..', 'tsconfig.json');

/**
 * What the TypeScript compiler has against each of some modules, by the project's own options; in one program, since most of the time
 * goes into the types that all of them use.
 */
export function compile(modules: readonly string[]): readonly string[] {
  const config = ts.getParsedCommandLineOfConfigFile(
    projectFile,
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic },
  );
  const texts = new Map(modules.map((text, i) => [join(folder, `module-${i}.ts`), text]));
  const host = ts.createCompilerHost(config?.options ?? {});
  const { fileExists, readFile } = host;
  host.fileExists = (path) => texts.has(path) || fileExists(path);
  host.readFile = (path) => texts.get(path) ?? readFile(path);
  const program = ts.createProgram([...texts.keys()], config?.options ?? {}, host);
  return [...texts.keys()].map((path) => {
    const file = program.getSourceFile(path);
    const problems = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return problems
      .flatMap((problem) => [problem, ...(problem.relatedInformation ?? [])])
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
      .join('\n');
  });
}

function onUnRecoverableConfigFileDiagnostic({ messageText }: ts.Diagnostic): never {
  throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'));
}
