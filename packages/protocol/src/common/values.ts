import { z } from 'zod';

/** An instant as ISO 8601 with offset, e.g. `2026-11-23T09:20:00+08:00` or `…Z`. */
export const Instant = z.iso.datetime({ offset: true });
export type Instant = z.infer<typeof Instant>;

/** A calendar day in Asia/Shanghai, `YYYY-MM-DD`. */
export const LocalDate = z.iso.date();
export type LocalDate = z.infer<typeof LocalDate>;

export const Locale = z.enum(['zh-CN', 'en']);
export type Locale = z.infer<typeof Locale>;

/** A mainland mobile number, 11 digits, without prefix. */
export const Phone = z.string().regex(/^1[3-9]\d{9}$/);

/** Version of an aggregate, for compare-and-set. */
export const Version = z.int().min(1);

/** AdministrativeGender of FHIR R4. */
export const Gender = z.enum(['male', 'female', 'other', 'unknown']);
export type Gender = z.infer<typeof Gender>;

/** A text that people read in their own language; English falls back to Chinese where it is empty. */
export const LocalizedText = z.object({ zh: z.string(), en: z.string() });
export type LocalizedText = z.infer<typeof LocalizedText>;
