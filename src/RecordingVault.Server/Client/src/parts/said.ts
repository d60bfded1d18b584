import { isInUse, refresh } from './live';

type Pulse = { people: number; records: number; openTasks: number };

/** Shows what a person said while somebody looks: fetches these parts of the page again whenever the recording's ledger has grown. */
export function followConsent(ids: readonly string[]): void {
  const recording = /^\/recordings\/([0-9a-f-]{36})\/consent$/.exec(document.querySelector<HTMLElement>('[data-consent]')?.dataset['consent'] ?? '')?.[1];
  if (!recording) return;
  const due = new Set<string>();
  let last: string | undefined;
  let source: EventSource | undefined;

  const fetchDue = (): void => {
    for (const id of [...due]) {
      const part = document.getElementById(id);
      if (part && isInUse(part)) continue;
      due.delete(id);
      void refresh(id);
    }
  };
  // A page that nobody looks at keeps no line: a browser has few of them for one vault.
  const listen = (): void => {
    source?.close();
    source = undefined;
    if (document.hidden) return;
    source = new EventSource(`/api/v1/recordings/${recording}/consents/events`);
    source.addEventListener('consent', event => {
      const { people, records, openTasks } = JSON.parse((event as MessageEvent<string>).data) as Pulse;
      const now = `${people} ${records} ${openTasks}`;
      if (last !== undefined && last !== now) for (const id of ids) due.add(id);
      last = now;
      fetchDue();
    });
  };
  listen();
  document.addEventListener('visibilitychange', listen);
  document.addEventListener('focusout', () => setTimeout(fetchDue));
  addEventListener('pagehide', () => source?.close());
  addEventListener('pageshow', event => { if (event.persisted) location.reload(); });
}
