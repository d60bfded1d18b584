using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Contacts;

/// <summary>What slices above keep of a contact, and what becomes of it when one is deleted, or two are said to be one person.</summary>
internal interface IContactFollowers
{
    /// <summary>In the running transaction, which has the tenant's turn. Null where the contact may be deleted.</summary>
    Task<Problem?> LeavingAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>In the running transaction, which has the tenant's turn.</summary>
    Task MergedAsync(Guid from, Guid to, CancellationToken cancellationToken);
}
