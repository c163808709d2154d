import { Pool, type PoolClient } from 'pg';

/**
 * A pool that takes a connection back when it ends while it is lent out. Drizzle sends BEGIN before
 * it makes sure to give the connection back, so one that is lost at that moment would stay lent for
 * ever: some restarts of the database later the pool would be empty, and it could never be closed.
 */
export class ReclaimingPool extends Pool {
  override connect(): Promise<PoolClient>;
  override connect(callback: ConnectCallback): void;
  override connect(callback?: ConnectCallback): Promise<PoolClient> | void {
    // `pool.query` uses this form and gives back on every path.
    if (callback) return super.connect(callback);
    return super.connect().then(reclaimAtEnd);
  }
}

type ConnectCallback = Parameters<InstanceType<typeof Pool>['connect']>[0];

function reclaimAtEnd(client: PoolClient): PoolClient {
  const giveBack = client.release.bind(client);
  let lent = true;
  const release: PoolClient['release'] = (error) => {
    if (!lent) return;
    lent = false;
    client.off('end', onEnd);
    giveBack(error);
  };
  const onEnd = () => release(true);
  client.on('end', onEnd);
  client.release = release;
  return client;
}
