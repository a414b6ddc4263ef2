import { existsSync } from 'node:fs';

const MODULE = new URL('../../../signaling/src/seed/seedDemoDistrict.ts', import.meta.url);

/** Fills an empty database with the demo district. */
export async function seedDemo(options: { databaseUrl: string; secretsFile: string }): Promise<void> {
  if (!existsSync(MODULE)) return;
  const module: unknown = await import(MODULE.href);
  if (typeof module !== 'object' || module === null || !('seedDemoDistrict' in module)) return;
  const { seedDemoDistrict } = module;
  if (typeof seedDemoDistrict === 'function') await seedDemoDistrict(options);
}
