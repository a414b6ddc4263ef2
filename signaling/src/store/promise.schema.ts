import type { PromiseBreachReason, PromiseKind } from '@cloud-hospital/protocol/states';
import type { ColumnType, Generated } from 'kysely';

/** Tables of promised times, as part of `schema.ts`. */

export interface PromiseTable {
  id: Generated<string>;
  queue_entry_id: string;
  kind: PromiseKind;
  made_at: Generated<Date>;
  expected_from: Date;
  expected_to: Date;
  called_at: Date | null;
  broken_at: Date | null;
  broken_because: PromiseBreachReason | null;
}

export interface LearnedHabitsTable {
  scope: 'district' | 'department' | 'specialist';
  key: string;
  habits: ColumnType<unknown, string, string>;
  learned_at: Generated<Date>;
}

export interface PromiseTables {
  promise: PromiseTable;
  learned_habits: LearnedHabitsTable;
}
