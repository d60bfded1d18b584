namespace RecordingVault.Server.Features.Audit;

/// <summary>What things of the log are called now, for readers who may see them; a thing that is gone has no name.</summary>
internal interface ITargetNames
{
    Task<IReadOnlyDictionary<Guid, string>> OfAsync(IReadOnlyCollection<Guid> targets, CancellationToken cancellationToken);
}
