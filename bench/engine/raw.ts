import { Pool } from 'pg';

/**
 * What Postgres itself does here: transactions of one UPDATE and one INSERT, the least that a durable
 * state change with a trail costs, without any engine or query builder.
 * @returns transactions per second.
 */
export async function rawTransactions(url: string, clients: number, count: number): Promise<number> {
  const pool = new Pool({ connectionString: url, max: clients });
  try {
    await pool.query('CREATE TABLE IF NOT EXISTS bench_state (id int PRIMARY KEY, n int NOT NULL)');
    await pool.query('CREATE TABLE IF NOT EXISTS bench_log (seq bigserial PRIMARY KEY, id int, n int)');
    await pool.query(
      'INSERT INTO bench_state SELECT g, 0 FROM generate_series(1, 100) g ON CONFLICT DO NOTHING',
    );
    const startedAt = performance.now();
    await Promise.all(
      Array.from({ length: clients }, async (_, client) => {
        const connection = await pool.connect();
        for (let i = 0; i < count / clients; i++) {
          await connection.query('BEGIN');
          await connection.query('UPDATE bench_state SET n = n + 1 WHERE id = $1', [client + 1]);
          await connection.query('INSERT INTO bench_log (id, n) VALUES ($1, $2)', [client + 1, i]);
          await connection.query('COMMIT');
        }
        connection.release();
      }),
    );
    return count / ((performance.now() - startedAt) / 1_000);
  } finally {
    await pool.end();
  }
}
