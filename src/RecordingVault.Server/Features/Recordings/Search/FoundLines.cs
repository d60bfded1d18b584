namespace RecordingVault.Server.Features.Recordings.Search;

/// <summary>The sentences of one page of results: looked for when it is shown, for its recordings alone, because the index holds words and no times (decision 0141).</summary>
internal sealed class FoundLines(ISaidLines said, SearchLimits limits, TimeProvider time)
{
    public async Task<IReadOnlyDictionary<Guid, IReadOnlyList<SaidLine>>> OfAsync(HttpContext http, IReadOnlyList<Guid> recordingIds, SearchWords words, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(limits.LongestForLines, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var lines = new Dictionary<Guid, IReadOnlyList<SaidLine>>();
        try
        {
            foreach (var id in recordingIds)
            {
                either.Token.ThrowIfCancellationRequested();
                lines[id] = await said.FindAsync(http, id, words, either.Token);
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // The time is over, in the middle of a text or while others are read: what was found by then is shown.
        }

        return lines;
    }
}
