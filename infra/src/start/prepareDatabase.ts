import { migrate } from '../../../signaling/src/store/migrate.ts';
import { withClient } from '../postgres/databaseRoles.ts';
import { errorCode, errorMessage, StartError } from '../system/StartError.ts';
import { layFoundation, seedDemo } from './seedDemo.ts';

export interface PrepareDatabaseOptions {
  readonly ownerUrl: string;
  readonly applicationRole: string;
  readonly secretsFile: string;
  /** Fill an empty database with the demo district; otherwise with a first administrator. */
  readonly demo: boolean;
  readonly tell: (line: string) => void;
  readonly log: (line: string) => void;
}

/**
 * Brings the schema up to date and, once, lays the demo district in, or what an installation of its own begins with.
 * @returns the one-time code for the first administrator, until one has chosen a password
 * @throws StartError when the database can't be reached or refuses
 */
export async function prepareDatabase(options: PrepareDatabaseOptions): Promise<string | null> {
  const { ownerUrl, applicationRole, tell, log } = options;
  try {
    await migrate({ ownerUrl, applicationRole, log });
  } catch (error) {
    throw new StartError(explain(error), { cause: error });
  }
  const target = { databaseUrl: ownerUrl, secretsFile: options.secretsFile };
  if (!options.demo) return layFoundation(target);
  if (await isEmpty(ownerUrl)) {
    tell('laying in the demo district');
    await seedDemo(target);
  }
  return null;
}

/** Every installation has at least the district itself as an organisation. */
async function isEmpty(ownerUrl: string): Promise<boolean> {
  return withClient(ownerUrl, async (client) => {
    const { rowCount } = await client.query('SELECT 1 FROM organization LIMIT 1');
    return rowCount === 0;
  });
}

function explain(error: unknown): string {
  switch (errorCode(error)) {
    case 'ECONNREFUSED':
    case 'ENOTFOUND':
    case 'EHOSTUNREACH':
    case 'ETIMEDOUT':
      return `The database can't be reached (${errorMessage(error)}): check DATABASE_URL and that the server runs.`;
    // invalid_authorization_specification, invalid_password
    case '28000':
    case '28P01':
      return (
        `The database refuses the login (${errorMessage(error)}): the passwords in DATA_DIR/secrets don't belong to ` +
        'this database; restore both from the same backup.'
      );
    // disk_full
    case '53100':
      return 'The disk that holds the database is full: free some space and start again.';
    // insufficient_privilege
    case '42501':
      return `The database role may not change the schema (${errorMessage(error)}): give its owner in DATABASE_OWNER_URL.`;
    default:
      return `The database schema can't be brought up to date: ${errorMessage(error)}`;
  }
}
