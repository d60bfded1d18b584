namespace RecordingVault.Server.Features.Contacts;

/// <summary>What slices above keep of a contact, and what becomes of it when two are said to be one person.</summary>
internal interface IContactFollowers
{
    /// <summary>In the running transaction, which has the tenant's turn.</summary>
    Task MergedAsync(Guid from, Guid to, CancellationToken cancellationToken);
}
