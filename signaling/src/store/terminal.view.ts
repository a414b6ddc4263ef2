import { DeviceId, LocationId } from '@cloud-hospital/protocol';
import type { SelfTest, Terminal } from '@cloud-hospital/protocol/rest';
import type { DeviceStatus } from '@cloud-hospital/protocol/states';
import type { Kysely } from 'kysely';
import type { Database, StoredSelfTest } from './schema.ts';

/** Terminals with clinic and sub-district; the base of every query that shows terminals. */
export const selectTerminals = (db: Kysely<Database>) =>
  db
    .selectFrom('device')
    .innerJoin('location', 'location.id', 'device.location_id')
    .innerJoin('organization', 'organization.id', 'location.organization_id')
    .select([
      'device.id',
      'device.version',
      'device.name',
      'device.status',
      'device.location_id',
      'device.last_seen_at',
      'device.self_test',
      'device.auto_answer_seconds',
      'location.name_zh',
      'location.name_en',
      'organization.name_zh as sub_district_zh',
      'organization.name_en as sub_district_en',
    ]);

export interface TerminalRow {
  id: string;
  version: number;
  name: string;
  status: DeviceStatus;
  location_id: string;
  last_seen_at: Date | null;
  self_test: StoredSelfTest | null;
  auto_answer_seconds: number | null;
  name_zh: string;
  name_en: string;
  sub_district_zh: string;
  sub_district_en: string;
}

export const terminalView = (row: TerminalRow): Terminal => ({
  deviceId: DeviceId.parse(row.id),
  version: row.version,
  name: row.name,
  status: row.status,
  locationId: LocationId.parse(row.location_id),
  locationName: { zh: row.name_zh, en: row.name_en },
  subDistrict: { zh: row.sub_district_zh, en: row.sub_district_en },
  lastSeenAt: row.last_seen_at?.toISOString() ?? null,
  selfTest: row.self_test,
  autoAnswerSeconds: row.auto_answer_seconds,
});

/** A test that failed anywhere makes the terminal `failing`; skipped parts don't. */
export const passedSelfTest = ({ camera, microphone, speaker, network }: SelfTest): boolean =>
  [camera, microphone, speaker, network].every((outcome) => outcome !== 'failed');
