import { readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { APPLICATION_ROLE, DATABASE_NAME } from '../../infra/src/postgres/databaseRoles.ts';
import { ensureDatabaseSecrets } from '../../infra/src/secrets/ensureSecrets.ts';

/** Line of postmaster.pid that names the directory of the Unix socket (PostgreSQL's miscadmin.h). */
const SOCKET_DIRECTORY_LINE = 4;

/** The measured system's own database, for what people would have done before and for the yardsticks. */
export class BenchDatabase {
  readonly pool: pg.Pool;
  readonly socketDirectory: string;
  /** Of the superuser `postgres`. */
  readonly password: string;
  readonly name = DATABASE_NAME;
  /** As the application connects. */
  readonly url: string;

  /** @param dataDirectory of a running system */
  constructor(dataDirectory: string) {
    const note = readFileSync(path.join(dataDirectory, 'postgres/postmaster.pid'), 'utf8').split('\n');
    this.socketDirectory = note[SOCKET_DIRECTORY_LINE] ?? '';
    const passwords = ensureDatabaseSecrets(path.join(dataDirectory, 'secrets/database.json'));
    this.password = passwords.superuserPassword;
    this.url = `postgresql://${APPLICATION_ROLE}:${encodeURIComponent(passwords.applicationPassword)}@/${this.name}?host=${encodeURIComponent(this.socketDirectory)}`;
    this.pool = new pg.Pool({
      host: this.socketDirectory,
      user: 'postgres',
      password: this.password,
      database: this.name,
      max: 4,
    });
  }

  /** Rows as they are; the caller's schema reads them. */
  async rows(text: string, values: readonly unknown[] = []): Promise<readonly unknown[]> {
    const { rows } = await this.pool.query<Record<string, unknown>>(text, [...values]);
    return rows;
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}
