import { createHash } from 'node:crypto';
import * as pulumi from '@pulumi/pulumi';
import { type AwaitedName, awaited, awaitedIn, type Fill } from './awaited.js';

/** What AWS will say, by what stands for it. */
export type AwaitedOutputs = Readonly<Partial<Record<AwaitedName, pulumi.Output<string>>>>;

/** Puts outputs in their places: a field depends on those resources that it names, and on no other. */
export function fillOutputs(outputs: AwaitedOutputs): Fill {
  const text = (template: string): pulumi.Output<string> => {
    const names = awaitedIn(template);
    const values = names.map((name) => {
      const value = outputs[name];
      if (value === undefined) throw new Error(`Nothing says what "${awaited[name]}" is to be.`);
      return value;
    });
    return pulumi
      .all(values)
      .apply((said) =>
        names.reduce((whole, name, i) => whole.replaceAll(awaited[name], () => said[i] as string), template),
      );
  };
  return {
    text,
    digest: (template) => text(template).apply((whole) => createHash('sha256').update(whole).digest('hex')),
  };
}
