import { EncounterId } from '@cloud-hospital/protocol';
import type { WorklistItem, WorklistStatus } from '@cloud-hospital/protocol/rest';
import { describe, expect, it } from 'vitest';
import { chooseCall } from './chooseCall.ts';

const id = (number: number) => EncounterId.parse(`00000000-0000-4000-8000-00000000000${number}`);
const item = (number: number, status: WorklistStatus, ready: boolean, position: number | null) =>
  ({
    encounterId: id(number),
    status,
    readiness: { consent: true, vitals: true, ready, terminalOnline: true },
    place: position === null ? null : { position },
    checkedInAt: `2026-11-23T0${number}:00:00Z`,
  }) as WorklistItem;
const none = { ringing: null, kept: null };

describe('chooseCall', () => {
  it('prepares who is ready and among the first two, and nobody else', () => {
    expect(chooseCall({ ...none, items: [item(1, 'waiting', false, 1), item(2, 'waiting', true, 3)] })).toBeNull();
    expect(chooseCall({ ...none, items: [item(1, 'waiting', true, 2), item(2, 'waiting', true, 1)] })).toBe(id(2));
    expect(chooseCall({ ...none, items: [item(2, 'waiting', true, 1), item(1, 'waiting', true, 1)] })).toBe(id(1));
  });

  it('leaves whoever is on their own phone alone, ready, called or in the call', () => {
    for (const status of ['waiting', 'called', 'in-progress'] as const) {
      const atHome = item(1, status, true, 1);
      const items = [{ ...atHome, readiness: { ...atHome.readiness, byPhone: true } }, item(2, 'waiting', true, 2)];
      expect(chooseCall({ ...none, items })).toBe(id(2));
    }
  });

  it('goes back into a call that was on before the page was loaded anew', () => {
    const items = [item(1, 'waiting', true, 1), item(2, 'in-progress', true, null)];
    expect(chooseCall({ ...none, items })).toBe(id(2));
  });

  it('keeps the call that is on, unless another one rings', () => {
    const items = [item(1, 'waiting', true, 1)];
    expect(chooseCall({ ringing: null, kept: id(3), items })).toBe(id(3));
    expect(chooseCall({ ringing: id(1), kept: id(3), items })).toBe(id(1));
  });
});
