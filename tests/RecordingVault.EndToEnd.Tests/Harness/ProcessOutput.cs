namespace RecordingVault.EndToEnd.Tests.Harness;

/// <summary>The lines that a process has written so far, and a way to wait for one that is still to come.</summary>
internal sealed class ProcessOutput
{
    private readonly Lock gate = new();
    private readonly List<string> lines = [];
    private TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Add(string? line)
    {
        if (line is null)
            return;
        TaskCompletionSource waiting;
        lock (gate)
        {
            lines.Add(line);
            waiting = next;
            next = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        waiting.SetResult();
    }

    public async Task<string> LineAsync(Func<string, bool> wanted, CancellationToken ct)
    {
        while (true)
        {
            Task more;
            lock (gate)
            {
                if (lines.Find(line => wanted(line)) is { } found)
                    return found;
                more = next.Task;
            }

            await more.WaitAsync(ct);
        }
    }

    public override string ToString()
    {
        lock (gate)
            return string.Join('\n', lines);
    }
}
