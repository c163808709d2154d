import { createHash } from 'node:crypto';

/** Of target groups and load balancers: letters, digits and hyphens, none at either end. */
const LIMIT = 32;
const DIGEST_LENGTH = 10;

/** A name that AWS takes, the same for the same parts: what is readable of them, and a digest of all. */
export function shortName(...parts: readonly string[]): string {
  const readable = parts
    .join('-')
    .replace(/[^a-zA-Z0-9]+/g, '-')
    .replace(/^(internal)?-+/, '')
    .slice(0, LIMIT - DIGEST_LENGTH - 1)
    .replace(/-+$/, '');
  return `${readable === '' ? 'sb' : readable}-${digest(parts)}`;
}

/** The part of a target group's name that tells it from others; its ARN holds the name. */
export function targetGroupKey(arn: string): string {
  const name = arn.split('/')[1] ?? '';
  return name.slice(name.lastIndexOf('-') + 1);
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, DIGEST_LENGTH);
}
