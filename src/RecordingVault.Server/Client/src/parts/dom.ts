/** The one element that the page must have; a page without it is a fault of ours, said at once. */
export function one<T extends Element>(root: ParentNode, selector: string): T {
  const found = root.querySelector<T>(selector);
  if (!found) throw new Error(`The page has no ${selector}`);
  return found;
}

export function meta(name: string): string {
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? '';
}

/** British dates for English pages, the page's own language otherwise. */
export const locale = document.documentElement.lang === 'de' ? 'de-DE' : 'en-GB';
