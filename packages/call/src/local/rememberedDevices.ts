import { z } from 'zod';

const Sound = z.object({ noiseSuppression: z.boolean(), echoCancellation: z.boolean() });

/** What a person chose on this machine; each is kept for the next call. */
export const RememberedDevices = z.object({
  microphone: z.string().optional(),
  camera: z.string().optional(),
  examination: z.string().optional(),
  speaker: z.string().optional(),
  /** By microphone: a stethoscope wants its sounds whole, the camera's microphone doesn't. Empty: the browser's default one. */
  sound: z.record(z.string(), Sound).optional(),
});
export type RememberedDevices = z.infer<typeof RememberedDevices>;

const KEY = 'cloud-hospital.devices';

/** A browser may forbid storage; then every call begins with the defaults. */
export function recallDevices(): RememberedDevices {
  try {
    const parsed = RememberedDevices.safeParse(JSON.parse(globalThis.localStorage.getItem(KEY) ?? '{}'));
    return parsed.success ? parsed.data : {};
  } catch {
    return {};
  }
}

export function rememberDevices(choice: RememberedDevices): void {
  try {
    globalThis.localStorage.setItem(KEY, JSON.stringify({ ...recallDevices(), ...choice }));
  } catch {
    // Full or forbidden: the choice holds for this call.
  }
}
