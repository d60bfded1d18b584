// Handles of files that are on their way, so that a page that was closed goes on with one click. What is kept is the browser's own handle under the id of the
// upload, and nothing of ours beside it: no name, no content (docs/decisions/0060). Forgotten with the upload.
const store = 'handles';

type Permitted = FileSystemFileHandle & { requestPermission(options: { mode: 'read' }): Promise<PermissionState> };

function open(): Promise<IDBDatabase> {
  return new Promise((done, failed) => {
    const request = indexedDB.open('uploads', 1);
    request.onupgradeneeded = () => { request.result.createObjectStore(store); };
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

async function run<T>(mode: IDBTransactionMode, act: (handles: IDBObjectStore) => IDBRequest<T>): Promise<T | undefined> {
  try {
    const database = await open();
    return await new Promise<T>((done, failed) => {
      const request = act(database.transaction(store, mode).objectStore(store));
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    }).finally(() => database.close());
  } catch {
    return undefined; // A browser that keeps nothing asks for the file again.
  }
}

export const remember = (upload: string, handle: FileSystemFileHandle) => run('readwrite', handles => handles.put(handle, upload));
export const forget = (upload: string) => run('readwrite', handles => handles.delete(upload));
export const recall = (upload: string) => run<FileSystemFileHandle | undefined>('readonly', handles => handles.get(upload));

/** What belongs to no unfinished upload any more is not kept. */
export async function keepOnly(uploads: Set<string>): Promise<void> {
  for (const key of await run('readonly', handles => handles.getAllKeys()) ?? []) {
    if (!uploads.has(String(key))) await forget(String(key));
  }
}

/** Asks the person where the browser wants it. Undefined when he says no, or the file is gone. */
export async function fileOf(handle: FileSystemFileHandle): Promise<File | undefined> {
  try {
    return await (handle as Permitted).requestPermission({ mode: 'read' }) === 'granted' ? await handle.getFile() : undefined;
  } catch {
    return undefined;
  }
}
