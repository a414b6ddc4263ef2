/** The database as the schema's owner, and the keys that the application will read the data with. */
interface Target {
  readonly databaseUrl: string;
  readonly secretsFile: string;
}

/** Fills an empty database with the demo district. Loaded when needed only: later starts do without. */
export async function seedDemo(target: Target): Promise<void> {
  const { seedDemoDistrict } = await import('../../../signaling/src/seed/seedDemoDistrict.ts');
  await seedDemoDistrict(target);
}

/** @returns see `layFoundation` in signaling */
export async function layFoundation(target: Target): Promise<string | null> {
  const { layFoundation: lay } = await import('../../../signaling/src/seed/layFoundation.ts');
  return lay(target);
}
