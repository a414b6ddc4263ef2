import type { Api } from '@cloud-hospital/ui/api';

export type Statistics = Awaited<ReturnType<Api['client']['district']['statistics']>>;
/** A clinic, hospital or department with its numbers. */
export type Part = Statistics['hospitals'][number] | Statistics['departments'][number] | Statistics['clinics'][number];
