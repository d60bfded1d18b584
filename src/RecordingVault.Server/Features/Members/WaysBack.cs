namespace RecordingVault.Server.Features.Members;

/// <summary>What still gives an account to the reader of an address that it had before.</summary>
internal interface IWaysBack
{
    /// <summary>Ends them in the running transaction: from here on the account reaches further than it did, or its present holder is sure.</summary>
    Task EndAsync(Guid memberId, CancellationToken cancellationToken);
}
