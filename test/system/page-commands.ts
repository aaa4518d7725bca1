/** A command of a how-to, as a reader types it. */
export interface PageCommand {
  /** The last heading above it. */
  readonly heading: string;
  readonly command: string;
}

/** The commands in the shell blocks of a page, in their order; comments go, lines that end with a backslash are one. */
export function pageCommands(page: string): readonly PageCommand[] {
  const parts = page.split(/^#+ (.+)$/m);
  return parts.flatMap((text, i) =>
    i % 2 === 1
      ? []
      : [...text.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block = '']) =>
          block
            .replaceAll(/\\\n\s*/g, '')
            .split('\n')
            .map((line) => line.replace(/\s+#.*$/, ''))
            .filter((command) => command !== '')
            .map((command) => ({ heading: parts[i - 1] ?? '', command })),
        ),
  );
}
