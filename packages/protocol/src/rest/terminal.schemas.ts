import { z } from 'zod';
import { DeviceId, LocationId } from '../common/ids.ts';
import { Instant, LocalizedText, Version } from '../common/values.ts';
import { DeviceStatus } from '../states/index.ts';

/** Public part of the terminal's non-extractable ECDSA P-256 key. */
export const PublicKeyJwk = z.strictObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string().max(64),
  y: z.string().max(64),
});
export type PublicKeyJwk = z.infer<typeof PublicKeyJwk>;

export const EnrolmentCode = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}$/);
export const EnrolInput = z.object({ code: EnrolmentCode, publicKey: PublicKeyJwk });
export const Challenge = z.object({ challenge: z.string(), expiresAt: Instant });
/** ECDSA P-256/SHA-256 over the UTF-8 bytes of `cloud-hospital-terminal:<deviceId>:<challenge>`, base64url, IEEE P1363 form. */
export const TerminalSignIn = z.object({
  deviceId: DeviceId,
  challenge: z.string().max(200),
  signature: z.string().max(200),
});
export const terminalChallengeText = (deviceId: string, challenge: string): string =>
  `cloud-hospital-terminal:${deviceId}:${challenge}`;

/** What the line to a media node carried, there and back. */
export const LineFigures = z.object({
  roundTripMs: z.int().min(0).max(60_000),
  /** 0–1, the worse of both directions. */
  lossRate: z.number().min(0).max(1),
  upKbps: z.int().min(0).max(1_000_000),
  downKbps: z.int().min(0).max(1_000_000),
});
export type LineFigures = z.infer<typeof LineFigures>;

export const TestOutcome = z.enum(['passed', 'failed', 'skipped']);
export type SelfTest = z.infer<typeof SelfTest>;
export const SelfTest = z.object({
  camera: TestOutcome,
  microphone: TestOutcome,
  speaker: TestOutcome,
  network: TestOutcome,
  /** What failed, in one word each, for the board. */
  detail: z.record(z.string(), z.string()).default({}),
  /** Missing when the line wasn't measured. */
  line: LineFigures.optional(),
});
/** What a resident's own phone found out about itself; faults are codes. */
export const DeviceCheck = SelfTest.extend({
  detail: z
    .partialRecord(z.enum(['camera', 'microphone', 'speaker', 'network']), z.string().regex(/^[a-z-]{1,30}$/))
    .default({}),
});
export const Terminal = z.object({
  deviceId: DeviceId,
  version: Version,
  name: z.string(),
  status: DeviceStatus,
  locationId: LocationId,
  locationName: LocalizedText,
  subDistrict: LocalizedText,
  lastSeenAt: Instant.nullable(),
  selfTest: SelfTest.extend({ testedAt: Instant }).nullable(),
  autoAnswerSeconds: z.int().nullable(),
});
export type Terminal = z.infer<typeof Terminal>;
export const EnrolmentCodeIssued = z.object({ deviceId: DeviceId, code: z.string(), expiresAt: Instant });
export const TerminalSettings = z.object({
  deviceId: DeviceId,
  version: Version,
  autoAnswerSeconds: z.int().min(0).max(30).nullable(),
});
