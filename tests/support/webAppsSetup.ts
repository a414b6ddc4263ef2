import { buildWebApps } from '../../infra/src/start/webBuild.ts';

/** Builds the web apps once, before files that run side by side want them. */
export default (): Promise<void> => buildWebApps(() => undefined);
