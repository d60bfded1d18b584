namespace RecordingVault.Benchmarks.Suites;

/// <summary>
/// Memory that was just in use, for a turn's page cache. A virtual machine fetches memory from its host when it is first touched, which costs more
/// than the copy into it, and gives back within seconds what lies free: by turns, whoever came first would pay for all. So as much as the turn will
/// write is written before it, and freed in slices while it runs, faster than anything here writes.
/// </summary>
internal sealed class WarmMemory : IDisposable
{
    private const long Slice = 128 * 1024 * 1024;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(75);

    private readonly FileStream file;
    private readonly Timer timer;
    private readonly Lock gate = new();
    private long left;

    private WarmMemory(FileStream file)
    {
        (this.file, left) = (file, file.Length);
        timer = new Timer(_ => Free(), null, TimeSpan.Zero, Step);
    }

    /// <param name="path">Where a file may lie for that long.</param>
    public static WarmMemory Take(string path, long length)
    {
        var taken = new FileStream(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0, Options = FileOptions.DeleteOnClose });
        var zeros = new byte[64 * 1024];
        for (long offset = 0; offset < length; offset += zeros.Length)
            taken.Write(zeros);
        return new WarmMemory(taken);
    }

    public void Dispose()
    {
        timer.Dispose();
        lock (gate)
            file.Dispose();
    }

    private void Free()
    {
        lock (gate)
        {
            if (left == 0 || !file.CanWrite)
                return;
            left = Math.Max(0, left - Slice);
            file.SetLength(left);
        }
    }
}
