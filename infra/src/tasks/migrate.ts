import { APPLICATION_ROLE } from '../postgres/databaseRoles.ts';
import { prepareDatabase } from '../start/prepareDatabase.ts';
import { StartError } from '../system/StartError.ts';
import { runTask } from './runTask.ts';

/**
 * For deployments: brings the schema of a database elsewhere up to date before the new replicas start. With `--demo` it
 * also fills an empty database with the demo district. Safe to run several times and at the same time.
 */
await runTask(async () => {
  const { DATABASE_OWNER_URL: ownerUrl, DATABASE_APPLICATION_ROLE: role, SECRETS_FILE: secretsFile } = process.env;
  if (ownerUrl === undefined)
    throw new StartError('DATABASE_OWNER_URL must hold the address of the database, as its owner.');
  const applicationRole = role ?? APPLICATION_ROLE;
  const demo = process.argv.includes('--demo');
  if (demo && secretsFile === undefined) {
    throw new StartError('SECRETS_FILE must name the secrets that the demo district is signed with.');
  }
  const log = (line: string): void => console.log(line);
  await prepareDatabase({ ownerUrl, applicationRole, secretsFile: secretsFile ?? '', demo, tell: log, log });
  return 0;
});
