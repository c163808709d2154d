import { describe, expect, it } from 'vitest';
import { httpBase } from '@/server/domain/http-address';

const problems = (text: string) => httpBase.safeParse(text).error?.issues.map(({ message }) => message) ?? [];

describe('an address', () => {
  it('is one of HTTP, with a path or without', () => {
    expect(problems('http://prometheus:9090')).toEqual([]);
    expect(problems('https://metrics.example/prometheus')).toEqual([]);
  });

  it('that is none is refused, and nothing more is asked of it', () => {
    for (const text of ['', 'prometheus', 'http://', 'ftp://host/']) expect(problems(text)).toHaveLength(1);
  });

  it('holds no name, no password, and nothing after its path', () => {
    for (const text of ['http://me@host', 'http://:secret@host', 'http://me:secret@host'])
      expect(problems(text)).toEqual(['must not contain a user name or a password']);
    for (const text of ['http://host/?query', 'http://host/#part'])
      expect(problems(text)).toEqual(['must end with the path']);
  });
});
