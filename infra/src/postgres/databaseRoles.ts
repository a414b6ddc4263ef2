import pg from 'pg';

/**
 * Two roles: the owner of the schema runs migrations, the application serves people and can neither change the schema
 * nor rewrite the audit, whatever is injected into it.
 */
export const OWNER_ROLE = 'cloud_hospital_owner';
export const APPLICATION_ROLE = 'cloud_hospital_app';
export const DATABASE_NAME = 'cloud_hospital';

export interface RolePasswords {
  readonly ownerPassword: string;
  readonly applicationPassword: string;
}

/** Runs `task` on one connection of its own. */
export async function withClient<T>(url: string, task: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    return await task(client);
  } finally {
    await client.end();
  }
}

/** Makes both roles, or sets their passwords anew. Idempotent. */
export async function ensureRoles(superuserUrl: string, passwords: RolePasswords): Promise<void> {
  await withClient(superuserUrl, async (client) => {
    const roles = [
      [OWNER_ROLE, passwords.ownerPassword],
      [APPLICATION_ROLE, passwords.applicationPassword],
    ] as const;
    for (const [role, password] of roles) {
      const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
      // Utility statements take no parameters, hence the quoting.
      await client.query(
        `${rowCount === 0 ? 'CREATE' : 'ALTER'} ROLE ${client.escapeIdentifier(role)} ` +
          `LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD ${client.escapeLiteral(password)}`,
      );
    }
  });
}

/** Makes the database, owned by the owner's role, unless it is there. */
export async function ensureDatabase(superuserUrl: string, name: string): Promise<void> {
  await withClient(superuserUrl, async (client) => {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) {
      await client.query(
        `CREATE DATABASE ${client.escapeIdentifier(name)} OWNER ${client.escapeIdentifier(OWNER_ROLE)}`,
      );
    }
    // Nobody else connects, not even to look.
    await client.query(`REVOKE ALL ON DATABASE ${client.escapeIdentifier(name)} FROM PUBLIC`);
    await client.query(
      `GRANT CONNECT ON DATABASE ${client.escapeIdentifier(name)} TO ${client.escapeIdentifier(APPLICATION_ROLE)}`,
    );
  });
}
