namespace RecordingVault.Server.Features.Members;

/// <summary>Rows that only say what was: sessions and links that are over. Each slice that has such rows registers its own.</summary>
internal interface IEndedRows
{
    /// <summary>Deletes what ended before, in a scope of its own; what a log tells of it stays.</summary>
    Task DeleteAsync(DateTimeOffset endedBefore, CancellationToken cancellationToken);
}
