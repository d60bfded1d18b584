// What a person chose or dropped: files with their place in a folder, and, where the browser has them, handles that open a file again.

export interface Picked {
  file: File;
  /** Parts joined by slashes, as the folder has it. */
  path: string;
  handle?: FileSystemFileHandle;
}

type Handle = FileSystemFileHandle | FileSystemDirectoryHandle;
type WithHandle = DataTransferItem & { getAsFileSystemHandle?: () => Promise<Handle | null> };
type WithPicker = typeof globalThis & { showOpenFilePicker?: (options: { multiple: boolean }) => Promise<FileSystemFileHandle[]> };

/** Files of a drop, folders taken apart. */
export async function dropped(drop: DataTransfer): Promise<Picked[]> {
  const items = [...drop.items].filter(item => item.kind === 'file');
  // Both must be asked for at once: after the first wait the browser has emptied the drop.
  const asked = items.map(item => ({ handle: (item as WithHandle).getAsFileSystemHandle?.(), entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  const picked: Picked[] = [];
  for (const { handle, entry, file } of asked) {
    const real = await handle?.catch(() => null);
    if (real) for await (const one of inHandle(real, '')) picked.push(one);
    else if (entry) for await (const one of inEntry(entry, '')) picked.push(one);
    else if (file) picked.push({ file, path: file.name });
  }
  return picked;
}

export function chosen(files: Iterable<File>): Picked[] {
  return [...files].map(file => ({ file, path: file.webkitRelativePath || file.name }));
}

/** By the browser's own picker, which gives handles; undefined where it has none, and nothing when nothing was chosen. */
export async function pickWithHandles(): Promise<Picked[] | undefined> {
  const { showOpenFilePicker } = globalThis as WithPicker;
  if (!showOpenFilePicker) return undefined;
  try {
    const handles = await showOpenFilePicker({ multiple: true });
    return await Promise.all(handles.map(async handle => ({ file: await handle.getFile(), path: handle.name, handle })));
  } catch (reason) {
    if (reason instanceof DOMException && reason.name === 'AbortError') return [];
    return undefined;
  }
}

async function* inHandle(handle: Handle, folder: string): AsyncGenerator<Picked> {
  const path = folder + handle.name;
  if (handle.kind === 'file') {
    yield { file: await handle.getFile(), path, handle };
    return;
  }
  for await (const below of (handle as FileSystemDirectoryHandle & { values(): AsyncIterable<Handle> }).values()) yield* inHandle(below, `${path}/`);
}

async function* inEntry(entry: FileSystemEntry, folder: string): AsyncGenerator<Picked> {
  const path = folder + entry.name;
  if (entry.isFile) {
    yield { file: await new Promise<File>((done, failed) => (entry as FileSystemFileEntry).file(done, failed)), path };
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // A reader gives its entries in parts, and an empty part at the end.
    const part = await new Promise<FileSystemEntry[]>((done, failed) => reader.readEntries(done, failed));
    if (part.length === 0) return;
    for (const below of part) yield* inEntry(below, `${path}/`);
  }
}
