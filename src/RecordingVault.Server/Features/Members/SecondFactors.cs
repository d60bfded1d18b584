namespace RecordingVault.Server.Features.Members;

/// <summary>Something beside the password by which a member shows who he is. Each slice that keeps one in rows of its own registers its own.</summary>
internal interface ISecondFactor
{
    Task<bool> IsSetUpAsync(Guid memberId, CancellationToken cancellationToken);

    /// <summary>Takes it off in the caller's transaction, with all that belongs to it.</summary>
    Task RemoveAsync(Guid memberId, CancellationToken cancellationToken);

    /// <summary>Takes off, in the caller's transaction, what was set up at that moment or later, or nobody knows when; what is older stays.</summary>
    Task RemoveSinceAsync(Guid memberId, DateTimeOffset since, CancellationToken cancellationToken);
}
