import { contract } from '@cloud-hospital/protocol/rest';
import { type AnyContractRouter, minifyContractRouter } from '@orpc/contract';

/** Method and path of every procedure. In the built apps this module is replaced by its value (`packages/ui/vite`). */
export const contractRoutes: AnyContractRouter = minifyContractRouter(contract);
