/** Files of a drop, folders taken apart. Those in folders that are no recordings are left out and counted. */
export async function droppedFiles(drop: DataTransfer): Promise<{ files: File[]; leftOut: number }> {
  const entries = [...drop.items].map(item => item.webkitGetAsEntry()).filter(entry => entry !== null);
  if (entries.length === 0) return { files: [...drop.files], leftOut: 0 };
  const files: File[] = [];
  let leftOut = 0;
  for (const entry of entries) {
    if (entry.isFile) {
      files.push(await fileOf(entry as FileSystemFileEntry));
      continue;
    }
    for await (const file of filesIn(entry as FileSystemDirectoryEntry)) {
      if (isRecording(file)) files.push(file);
      else leftOut++;
    }
  }
  return { files, leftOut };
}

const recordingEnding = /\.(mp4|m4v|mov|mkv|webm|avi|wmv|mpe?g|ts|m2ts|3gp|flv|ogv|mp3|m4a|mka|wav|flac|ogg|oga|opus|aac|wma|aiff?)$/i;
const audioEnding = /\.(mp3|m4a|mka|wav|flac|ogg|oga|opus|aac|wma|aiff?)$/i;

export function isRecording(file: File): boolean {
  return /^(video|audio)\//.test(file.type) || recordingEnding.test(file.name);
}

export function isAudio(file: File): boolean {
  return file.type.startsWith('audio/') || (!file.type.startsWith('video/') && audioEnding.test(file.name));
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((done, failed) => entry.file(done, failed));
}

async function* filesIn(folder: FileSystemDirectoryEntry): AsyncGenerator<File> {
  const reader = folder.createReader();
  for (;;) {
    // A reader gives its entries in parts, and an empty part at the end.
    const part = await new Promise<FileSystemEntry[]>((done, failed) => reader.readEntries(done, failed));
    if (part.length === 0) return;
    for (const entry of part) {
      if (entry.isFile) yield await fileOf(entry as FileSystemFileEntry);
      else yield* filesIn(entry as FileSystemDirectoryEntry);
    }
  }
}
