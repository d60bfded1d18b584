using System.Runtime.CompilerServices;
using RecordingVault.Vault.Format;

namespace RecordingVault.Vault.Storage;

/// <summary>
/// A folder as an object store. An object is written to a temporary file, flushed, given its name in one step, and its directory is flushed: so it
/// is there whole or not at all, also after a power cut. Blocking file calls are made on pool threads, a few at a time.
/// </summary>
internal sealed class FolderObjectStore : IObjectStore
{
    private const int MaxWrites = 8;

    /// <summary>Bytes a write call. Linux gives a long write huge pages that it must fetch and clear first: ext4 takes 4 MiB in one call two to four times as long as in sixteen.</summary>
    private const int WriteLength = 256 * 1024;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FolderPaths paths;
    private readonly SemaphoreSlim writes = new(MaxWrites, MaxWrites);
    private readonly Lock naming = new();

    private FolderObjectStore(FolderPaths paths) => this.paths = paths;

    /// <summary>Opening a file costs less than remembering one that was opened ahead.</summary>
    public int SegmentsAhead => 0;

    /// <summary>Opens the folder for writing, makes it where it is not there, and sweeps what crashed writers left.</summary>
    public static FolderObjectStore Open(string directory)
    {
        var folder = new FolderPaths(directory);
        FolderPaths.CreatePrivate(folder.Root);
        folder.EnsureDurable(folder.Root);
        folder.EnsureDurable(folder.Temp);
        TempFile.Sweep(folder.Temp);
        return new FolderObjectStore(folder);
    }

    /// <summary>Opens a copy that nothing is written to, not even a directory.</summary>
    public static FolderObjectStore OpenReadOnly(string directory) =>
        Directory.Exists(directory) ? new FolderObjectStore(new FolderPaths(directory)) : throw new DirectoryNotFoundException($"There is no folder {directory}.");

    public async Task PutAsync(ObjectName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await writes.WaitAsync(cancellationToken);
        try
        {
            await Task.Run(
                () =>
                {
                    using var temp = TempFile.Create(paths.Temp, OwnerOnly);
                    Write(temp, content.Span);
                    Publish(temp, name);
                },
                cancellationToken);
        }
        finally
        {
            writes.Release();
        }
    }

    public async Task PutAsync(ObjectName name, Stream content, CancellationToken cancellationToken)
    {
        using var temp = TempFile.Create(paths.Temp, OwnerOnly);
        var buffer = new byte[WriteLength];
        long offset = 0;
        while (await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken) is var count and > 0)
        {
            RandomAccess.Write(temp.Handle, buffer.AsSpan(0, count), offset);
            offset += count;
        }
        await writes.WaitAsync(cancellationToken);
        try
        {
            await Task.Run(() => Publish(temp, name), cancellationToken);
        }
        finally
        {
            writes.Release();
        }
    }

    public Task<StoredObject?> FindAsync(ObjectName name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var file = new FileInfo(paths.FindPathOf(name));
        return Task.FromResult(file.Exists ? Describe(name, file) : null);
    }

    public Task<Stream> OpenReadAsync(ObjectName name, long offset, long length, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var handle = paths.TryOpen(name) ?? throw new SealedFormatException(FormatFailure.Missing, $"There is no object {name}.");
        return Task.FromResult<Stream>(new FileRangeStream(handle, offset, length));
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ObjectName.RequirePrefix(prefix);
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden, IgnoreInaccessible = false };
        foreach (var directory in paths.FindDirectories(prefix))
        {
            foreach (var file in new DirectoryInfo(directory).EnumerateFiles("*", options))
            {
                cancellationToken.ThrowIfCancellationRequested();
                // What was deleted since its name was read is not there.
                if (paths.NameOf(file.FullName) is { } name && file.Exists) yield return Describe(name, file);
            }
        }
        await Task.CompletedTask;
    }

    public async IAsyncEnumerable<string> ListFoldersAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ObjectName.RequirePrefix(prefix);
        foreach (var folder in paths.FindDirectories(prefix).SelectMany(FolderPaths.ChildrenOf).Distinct(StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return folder;
        }
        await Task.CompletedTask;
    }

    public Task DeleteAsync(ObjectName name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = paths.FindPathOf(name);
        if (!File.Exists(path)) return Task.CompletedTask;
        File.Delete(path);
        DurableFolder.Flush(Path.GetDirectoryName(path)!);
        return Task.CompletedTask;
    }

    public async Task DeleteAsync(IReadOnlyCollection<ObjectName> names, CancellationToken cancellationToken)
    {
        foreach (var name in names) await DeleteAsync(name, cancellationToken);
    }

    public Task ReachAsync(CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            using var temp = TempFile.Create(paths.Temp, OwnerOnly);
            Write(temp, new byte[1]);
            RandomAccess.FlushToDisk(temp.Handle);
        },
        cancellationToken);

    public Task<StoreTraits> DescribeAsync(CancellationToken cancellationToken) => Task.FromResult(StoreTraits.None);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static StoredObject Describe(ObjectName name, FileInfo file) => new(name, file.Length, new DateTimeOffset(file.LastWriteTimeUtc));

    private static void Write(TempFile temp, ReadOnlySpan<byte> content)
    {
        for (var offset = 0; offset < content.Length; offset += WriteLength)
            RandomAccess.Write(temp.Handle, content.Slice(offset, Math.Min(WriteLength, content.Length - offset)), offset);
    }

    private void Publish(TempFile temp, ObjectName name)
    {
        RandomAccess.FlushToDisk(temp.Handle);
        var path = paths.PathOf(name);
        var directory = Path.GetDirectoryName(path)!;
        try
        {
            Name(temp, name, path, directory);
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody removed the directory since we made it: it is made anew, once.
            paths.Forget();
            Name(temp, name, path, directory);
        }
        DurableFolder.Flush(directory);
    }

    private void Name(TempFile temp, ObjectName name, string path, string directory)
    {
        paths.EnsureDurable(directory);
        // Looking and naming are one step among the writers of this process. Another process never writes the same name: names are random.
        lock (naming)
        {
            if (!File.Exists(path)) temp.Rename(path);
            else if (!temp.HasSameBytesAs(path)) throw new IOException($"There is another object {name} already. Objects are never overwritten.");
        }
    }
}
