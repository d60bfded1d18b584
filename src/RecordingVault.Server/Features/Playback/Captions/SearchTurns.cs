namespace RecordingVault.Server.Features.Playback.Captions;

/// <summary>How many texts are read for pages of results at once on this node: few, and never in the turns of those who watch, whose captions would wait behind somebody's search.</summary>
internal sealed class SearchTurns : IDisposable
{
    public const int AtOnce = 2;

    private readonly SemaphoreSlim turns = new(AtOnce);

    public void Dispose() => turns.Dispose();

    /// <summary>Waits for a turn, which ends when it is disposed.</summary>
    public async Task<IDisposable> TakeAsync(CancellationToken cancellationToken)
    {
        await turns.WaitAsync(cancellationToken);
        return new Turn(turns);
    }

    private sealed class Turn(SemaphoreSlim turns) : IDisposable
    {
        public void Dispose() => turns.Release();
    }
}
