using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Contacts;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Rights;

/// <summary>Whoever asked to be erased is not forgotten before he is answered; what was asked of one entry is asked of the person that both are.</summary>
internal sealed class ErasureFollowing(VaultDbContext db) : IContactFollowers
{
    public async Task<Problem?> LeavingAsync(Guid id, CancellationToken cancellationToken) =>
        await db.ErasureRequests.AnyAsync(request => request.ContactId == id && request.ClosedAt == null, cancellationToken) ? RightsProblems.OneWaits : null;

    public Task MergedAsync(Guid from, Guid to, CancellationToken cancellationToken) =>
        db.ErasureRequests.Where(request => request.ContactId == from).ExecuteUpdateAsync(set => set.SetProperty(request => request.ContactId, to), cancellationToken);
}
