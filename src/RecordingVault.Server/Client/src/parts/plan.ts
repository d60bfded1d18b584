// Which files make one recording: the server says, so that every client groups alike. It looks at names only and keeps none.
import { ask } from './ask';
import type { Picked } from './dropped';

type Answer = {
  recordings: { title: string; recordedAt?: string | null; source?: string | null; files: { path: string; role: Role }[] }[];
  leftOut: LeftOut[];
};

export type Role = 'original' | 'audio' | 'captions' | 'transcript' | 'chat';
export type PlannedFile = Picked & { role: Role };
export type LeftOut = { path: string; reason: string; says: string };
export interface Planned {
  title: string;
  recordedAt: string;
  /** The program that made it, where its files tell. */
  source?: string | null;
  files: PlannedFile[];
}

const most = 4096;
// The vault refuses a plan with such a path; here one file is left out and the others go.
const unseen = /[\\\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** @param toJoin They go into a recording that is there. */
export async function plan(picked: Picked[], toJoin: boolean): Promise<{ recordings: Planned[]; leftOut: LeftOut[] }> {
  const recordings: Planned[] = [];
  const leftOut: LeftOut[] = [];
  // A file that stands in the choice twice is one.
  const byPath = new Map<string, Picked>();
  for (const one of picked) {
    if (unseen.test(one.path)) leftOut.push({ path: one.path.replace(new RegExp(unseen, 'gu'), '\uFFFD'), reason: 'name', says: 'Its name or folder has a backslash or characters that nobody sees. Rename it, then choose it again.' });
    else byPath.set(one.path, one);
  }
  const paths = [...byPath.keys()].sort();
  for (let from = 0; from < paths.length; from += most) {
    const part = paths.slice(from, from + most).map(path => byPath.get(path)!);
    const answer = await ask<Answer>('POST', '/api/v1/uploads/plan', {
      toJoin,
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      files: part.map(({ path, file }) => ({ path, sizeInBytes: file.size })),
    });
    leftOut.push(...answer!.leftOut);
    for (const { title, recordedAt, source, files } of answer!.recordings) {
      const mine = files.map(({ path, role }) => ({ ...byPath.get(path)!, role }));
      recordings.push({ title, recordedAt: recordedAt ?? new Date(mine[0]!.file.lastModified).toISOString(), source: source ?? null, files: mine });
    }
  }
  return { recordings, leftOut };
}
