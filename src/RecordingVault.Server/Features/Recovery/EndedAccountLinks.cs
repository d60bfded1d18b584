using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;

namespace RecordingVault.Server.Features.Recovery;

/// <summary>Links for a password and an address that nobody used in time; a used one has no row any more.</summary>
internal sealed class EndedAccountLinks(IServiceScopeFactory scopes) : IEndedRows
{
    public async Task DeleteAsync(DateTimeOffset endedBefore, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        await db.PasswordResets.Where(reset => reset.EndsAt < endedBefore).ExecuteDeleteAsync(cancellationToken);
        await db.AddressChanges.Where(change => change.EndsAt < endedBefore).ExecuteDeleteAsync(cancellationToken);
        await db.AddressReturns.Where(kept => kept.EndsAt < endedBefore).ExecuteDeleteAsync(cancellationToken);
    }
}
