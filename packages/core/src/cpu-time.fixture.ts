export const millisecondsOf = ({ user, system }: NodeJS.CpuUsage) => (user + system) / 1000;

/**
 * How many times as long the processor works on a problem four times as large: 4 where that is linear in its size, 16
 * where it grows with the square. Other than a clock's time it does not depend on what else the machine does.
 */
export function growth(work: (size: number) => void, size: number): number {
  const timeOf = (size: number) => {
    const start = process.cpuUsage();
    work(size);
    return millisecondsOf(process.cpuUsage(start));
  };
  // The first time is the compiler's.
  timeOf(size);
  const small = Math.min(timeOf(size), timeOf(size));
  return Math.min(timeOf(4 * size), timeOf(4 * size)) / small;
}
