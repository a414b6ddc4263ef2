import { ERROR_STATUS, Locale, Role } from '@cloud-hospital/protocol';
import { OrderReason, VitalCode, WorklistStatus } from '@cloud-hospital/protocol/rest';
import {
  AppointmentStatus,
  Availability,
  CallPhase,
  CancellationReason,
  DeviceStatus,
  EncounterOutcome,
  EncounterStatus,
  QueueEntryReason,
  QueueEntryState,
  ReportStatus,
} from '@cloud-hospital/protocol/states';
import type { ResourceLanguage } from 'i18next';
import { describe, expect, it } from 'vitest';
import { loadCatalogue, NAMESPACES } from './catalogues.ts';

const PLURAL = /_(zero|one|two|few|many|other)$/;

/** All keys with their text, plural forms folded into one: Chinese has one form where English has two. */
function texts(catalogue: ResourceLanguage, prefix = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(catalogue)) {
    const path = prefix + key;
    if (typeof value === 'string') found.set(path.replace(PLURAL, ''), value);
    else for (const [inner, text] of texts(value, `${path}.`)) found.set(inner, text);
  }
  return found;
}

const placeholders = (text: string) => [...text.matchAll(/{{\s*(\w+)/g)].map((match) => match[1]).sort();

describe.each(NAMESPACES)('catalogue %s', (namespace) => {
  it('has the same keys and the same placeholders in both languages, and no empty text', async () => {
    const chinese = texts(await loadCatalogue('zh-CN', namespace));
    const english = texts(await loadCatalogue('en', namespace));
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort());
    for (const [key, text] of chinese) {
      expect(text.trim(), key).not.toBe('');
      expect(english.get(key)?.trim(), key).not.toBe('');
      const count = (names: (string | undefined)[]) => names.filter((name) => name !== 'count');
      expect(count(placeholders(english.get(key) ?? '')), key).toEqual(count(placeholders(text)));
    }
  });
});

describe.each(Locale.options)('common texts in %s', (locale) => {
  it('say for every error code what happened and what the person can do', async () => {
    const common = texts(await loadCatalogue(locale, 'common'));
    for (const code of Object.keys(ERROR_STATUS)) {
      expect(common.has(`error.${code}.what`), `error.${code}.what`).toBe(true);
      expect(common.has(`error.${code}.advice`), `error.${code}.advice`).toBe(true);
    }
  });

  it('have a word for every state and code of the protocol', async () => {
    const common = texts(await loadCatalogue(locale, 'common'));
    const wanted = {
      role: Role.options,
      'appointment.status': AppointmentStatus.options,
      'appointment.cancelled': CancellationReason.options,
      'encounter.status': EncounterStatus.options,
      'encounter.outcome': EncounterOutcome.options,
      'worklist.status': WorklistStatus.options,
      'queue.state': QueueEntryState.options,
      'queue.reason': QueueEntryReason.options,
      'queue.order': OrderReason.options,
      availability: Availability.options,
      'device.status': DeviceStatus.options,
      'report.status': ReportStatus.options,
      'call.phase': CallPhase.options,
      vital: VitalCode.options,
    };
    for (const [prefix, codes] of Object.entries(wanted)) {
      for (const code of codes) expect(common.has(`${prefix}.${code}`), `${prefix}.${code}`).toBe(true);
    }
  });
});
