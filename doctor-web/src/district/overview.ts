import type { Api } from '@cloud-hospital/ui/api';

export type Overview = Awaited<ReturnType<Api['client']['district']['overview']>>;
