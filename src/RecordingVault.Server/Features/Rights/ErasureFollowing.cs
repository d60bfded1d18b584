using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Contacts;

namespace RecordingVault.Server.Features.Rights;

/// <summary>What was asked of one entry is asked of the person that both are.</summary>
internal sealed class ErasureFollowing(VaultDbContext db) : IContactFollowers
{
    public Task MergedAsync(Guid from, Guid to, CancellationToken cancellationToken) =>
        db.ErasureRequests.Where(request => request.ContactId == from).ExecuteUpdateAsync(set => set.SetProperty(request => request.ContactId, to), cancellationToken);
}
