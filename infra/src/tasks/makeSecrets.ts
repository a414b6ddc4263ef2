import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensureApplicationSecrets, ensureDatabaseSecrets } from '../secrets/ensureSecrets.ts';
import { StartError } from '../system/StartError.ts';
import { runTask } from './runTask.ts';

/**
 * For deployments: makes the secrets of one installation in a directory, once. `application.json` is SECRETS_FILE of every
 * replica; `deployment.env` holds what the other containers need. Back both up: without them the data can't be read.
 */
await runTask(async () => {
  const directory = process.argv[2];
  if (directory === undefined) throw new StartError('Usage: node infra/src/tasks/makeSecrets.ts DIRECTORY');
  const application = ensureApplicationSecrets(path.join(directory, 'application.json'));
  const database = ensureDatabaseSecrets(path.join(directory, 'database.json'));
  const variables = {
    SFU_LINK_SECRET: application.linkSecret,
    TURN_SECRET: application.turnSecret,
    POSTGRES_PASSWORD: database.superuserPassword,
    OWNER_PASSWORD: database.ownerPassword,
    APPLICATION_PASSWORD: database.applicationPassword,
  };
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(path.join(directory, 'deployment.env'), lines.join(''), { mode: 0o600 });
  console.log(`Secrets are in ${path.resolve(directory)}: keep them, and a copy elsewhere.`);
  return 0;
});
