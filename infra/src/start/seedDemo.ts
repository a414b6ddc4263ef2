/**
 * Fills an empty database with the demo district. Loaded when needed only: later starts do without.
 * @param options the database as the schema's owner, and the keys that the application will read the data with
 */
export async function seedDemo(options: { readonly databaseUrl: string; readonly secretsFile: string }): Promise<void> {
  const { seedDemoDistrict } = await import('../../../signaling/src/seed/seedDemoDistrict.ts');
  await seedDemoDistrict(options);
}
