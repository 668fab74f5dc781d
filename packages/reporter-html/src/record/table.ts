import { append, capacity, createSeries, type Series } from "./series.js";

/** Events of one kind by column, in bounded memory. */
export interface Table {
  /** When each row was. Beyond `capacity` every second row is forgotten, as often as it must be. */
  readonly step: number[];
  readonly epoch: number[];
  readonly timeMs: number[];
  readonly columns: Record<string, Series>;
  /** Events told, forgotten ones included. */
  rows: number;
}

export function createTable(): Table {
  // Without a prototype: a column may be called "__proto__".
  return { step: [], epoch: [], timeMs: [], columns: Object.create(null), rows: 0 };
}

export function appendRow(
  table: Table,
  { step, epoch, timeMs }: { readonly step: number; readonly epoch: number; readonly timeMs: number },
): void {
  if (table.step.length >= capacity) {
    for (const column of [table.step, table.epoch, table.timeMs]) {
      for (let i = 1; i < column.length; i += 2) column[i >> 1] = column[i]!;
      column.length >>= 1;
    }
  }
  table.step.push(step);
  table.epoch.push(epoch);
  table.timeMs.push(timeMs);
  table.rows++;
}

export function appendValue(table: Table, column: string, step: number, value: number): void {
  append((table.columns[column] ??= createSeries()), step, value);
}
