import type { Polled } from './triggerBench';

/** Names of the accounts that a poll has given. */
export const names = ({ rows }: Polled) => rows.map(({ Name }) => Name);

/** What has become of the records that a poll has given. */
export const changes = ({ rows }: Polled) => rows.map(({ change }) => change);
