import { meta } from './dom';

/** Asks our own API with what every unsafe request must send back (security.md 9). Throws words for people. */
export async function ask<T>(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', address: string, body?: unknown): Promise<T | undefined> {
  let answer: Response;
  try {
    answer = await fetch(address, {
      method,
      headers: {
        Accept: 'application/json',
        'Vault-Tenant': meta('vault-tenant'),
        RequestVerificationToken: meta('vault-antiforgery'),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw new Refused('The vault does not answer. Nothing was changed. Try again.', 0);
  }
  const text = await answer.text();
  if (answer.status === 403 && (text.includes('/problems/fresh-sign-in') || text.includes('/problems/second-factor-first'))) {
    // What opens more than was open asks for the sign-in again, with all factors; the page comes back here.
    const again = location.pathname.startsWith('/operator') ? '/operator/signin?again=true&' : '/signin/again?';
    location.assign(`${again}returnTo=${encodeURIComponent(location.pathname + location.search)}`);
  }
  if (!answer.ok) throw new Refused(wordsOf(answer.status, text), answer.status);
  return text ? JSON.parse(text) as T : undefined;
}

export class Refused extends Error {
  constructor(words: string, readonly status: number) {
    super(words);
  }
}

function wordsOf(status: number, text: string): string {
  if (status === 401) return 'You were signed out. Sign in again in another tab, then try once more.';
  try {
    const problem = JSON.parse(text) as { title?: string; detail?: string; errors?: Record<string, string[]> };
    const words = Object.values(problem.errors ?? {})[0]?.[0] ?? problem.detail ?? problem.title;
    // The name of the field before its words is for programs.
    if (words) return words.replace(/^[a-z]\w*: (\p{L})/u, (_whole, letter: string) => letter.toUpperCase());
  } catch { /* Not a problem document: our own words stand. */ }
  if (status === 409) return 'You have changed to another organisation. Nothing was changed. Load the page again.';
  return `The vault refused it (${status}). Nothing was changed.`;
}
