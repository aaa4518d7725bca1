import { readdirSync, readFileSync } from 'node:fs';

/**
 * Processor time and memory of other processes, from Linux's /proc: Node tells a process its own only. A process's `stat` is in steps
 * of 10 ms, the kernel's tick; `schedstat`, of each thread that still runs, in nanoseconds.
 */
const MS_PER_TICK = 10;
const NS_PER_MS = 1e6;

/** Fields of /proc/PID/stat by their numbers in proc(5), from the third on: the second, the command, may hold spaces. */
function statOf(pid: number | 'self'): (field: number) => number {
  const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  return (field) => Number(fields[field - 3]);
}

/** Time spent by the children of this process that have ended, and by theirs, in ms. */
export function endedChildrenMs(): number {
  const stat = statOf('self');
  return (stat(16) + stat(17)) * MS_PER_TICK;
}

/** What one process has used so far, all its threads together. */
export function processorMsOf(pid: number): number {
  const threadsNs = readdirSync(`/proc/${pid}/task`).map((thread) => {
    const [usedNs] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ');
    return Number(usedNs);
  });
  return threadsNs.reduce((sum, ns) => sum + ns, 0) / NS_PER_MS;
}

/** What the processes of one group have used so far. */
export interface GroupUsage {
  readonly processorMs: number;
  /** Resident memory of the largest process of the group, in bytes. */
  readonly largestBytes: number;
}

/** @param group id of the process that was started `detached` */
export function usageOfGroup(group: number): GroupUsage {
  const members = processes((pid, stat) =>
    stat(5) === group ? [{ ticks: stat(14) + stat(15) + stat(16) + stat(17), bytes: residentBytes(pid) }] : [],
  );
  return {
    processorMs: members.reduce((sum, { ticks }) => sum + ticks, 0) * MS_PER_TICK,
    largestBytes: Math.max(...members.map(({ bytes }) => bytes)),
  };
}

/** What one process and its children have used so far, such as PostgreSQL's, of which each connection has one. */
export function processorMsWithChildren(parent: number): number {
  const ticks = processes((pid, stat) => (pid === parent || stat(4) === parent ? [stat(14) + stat(15)] : []));
  return ticks.reduce((sum, one) => sum + one, 0) * MS_PER_TICK;
}

function processes<T>(look: (pid: number, stat: ReturnType<typeof statOf>) => readonly T[]): readonly T[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return look(Number(name), statOf(Number(name)));
      } catch (error) {
        // Ended between the two looks: it is there no more.
        if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return [];
        throw error;
      }
    });
}

function residentBytes(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes ?? 0) * 1024;
}
