using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;

namespace RecordingVault.Server.Features.Members;

/// <summary>Sessions that were ended, or ran out: by their limits, whatever else was said of them.</summary>
internal sealed class EndedSessions(IServiceScopeFactory scopes) : IEndedRows
{
    public async Task DeleteAsync(DateTimeOffset endedBefore, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (seenBefore, begunBefore) = (endedBefore - Session.IdleLimit, endedBefore - Session.Lifetime);
        await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Sessions
            .Where(session => session.EndedAt < endedBefore || session.LastSeenAt < seenBefore || session.SignedInAt < begunBefore)
            .ExecuteDeleteAsync(cancellationToken);
    }
}
