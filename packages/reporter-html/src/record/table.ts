import { append, capacity, createSeries, type Series } from "./series.js";

/** Events of one kind by column, in bounded memory. */
export interface Table {
  /** When each row was. Beyond `capacity` of every two rows the later one stays, as often as it must be. */
  readonly step: number[];
  readonly epoch: number[];
  readonly timeMs: number[];
  readonly columns: Record<string, Series>;
  /** Events told, forgotten ones included. */
  rows: number;
  /** How many events a row stands for. */
  width: number;
  /** How many of them the last row has so far. */
  filled: number;
}

export function createTable(): Table {
  // Without a prototype: a column may be called "__proto__".
  return { step: [], epoch: [], timeMs: [], columns: Object.create(null), rows: 0, width: 1, filled: 1 };
}

export function appendRow(table: Table, step: number, epoch: number, timeMs: number): void {
  const full = table.filled === table.width;
  if (full && table.step.length === capacity) {
    for (const column of [table.step, table.epoch, table.timeMs]) {
      for (let i = 1; i < capacity; i += 2) column[i >> 1] = column[i]!;
      column.length = capacity / 2;
    }
    table.width *= 2;
  }
  const row = full ? table.step.length : table.step.length - 1;
  table.step[row] = step;
  table.epoch[row] = epoch;
  table.timeMs[row] = timeMs;
  table.filled = full ? 1 : table.filled + 1;
  table.rows++;
}

export function appendValue(table: Table, column: string, step: number, value: number): void {
  append(seriesOf(table, column), step, value);
}

export function seriesOf(table: Table, column: string): Series {
  return (table.columns[column] ??= createSeries());
}
