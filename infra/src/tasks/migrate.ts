import { APPLICATION_ROLE } from '../postgres/databaseRoles.ts';
import { FIRST_ADMINISTRATOR } from '../../../signaling/src/seed/firstAdministrator.ts';
import { prepareDatabase } from '../start/prepareDatabase.ts';
import { StartError } from '../system/StartError.ts';
import { runTask } from './runTask.ts';

/**
 * For deployments: brings the schema of a database elsewhere up to date before the new replicas start. With `--demo` it
 * also fills an empty database with the demo district, without it with a first administrator, whose code it prints. Safe to run several times and at the same time.
 */
await runTask(async () => {
  const { DATABASE_OWNER_URL: ownerUrl, DATABASE_APPLICATION_ROLE: role, SECRETS_FILE: secretsFile } = process.env;
  if (ownerUrl === undefined)
    throw new StartError('DATABASE_OWNER_URL must hold the address of the database, as its owner.');
  const applicationRole = role ?? APPLICATION_ROLE;
  const demo = process.argv.includes('--demo');
  if (secretsFile === undefined) throw new StartError('SECRETS_FILE must name the secrets of the application.');
  const log = (line: string): void => console.log(line);
  const code = await prepareDatabase({ ownerUrl, applicationRole, secretsFile, demo, tell: log, log });
  if (code !== null) {
    log(
      `No administrator has a password yet: user name ${FIRST_ADMINISTRATOR}, code ${code}, to be used at /activate.`,
    );
  }
  return 0;
});
