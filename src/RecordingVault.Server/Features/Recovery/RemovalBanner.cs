using System.Globalization;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Recovery;

/// <summary>Tells a member on each of his pages that his second factor is to be taken off, and lets him stop it with one press.</summary>
internal sealed class RemovalBanner(VaultDbContext db) : IMemberBanner
{
    public async Task<PageBanner?> FindAsync(Guid memberId, CancellationToken cancellationToken) =>
        await db.FactorRemovals.AsNoTracking().Where(removal => removal.MemberId == memberId).Select(removal => (DateTimeOffset?)removal.DueAt).SingleOrDefaultAsync(cancellationToken) is { } due
            ? new PageBanner(
                "Your second factor is to be taken off.",
                string.Create(CultureInfo.InvariantCulture, $"Somebody said that you have lost it. It happens on {due.UtcDateTime:d MMMM} at {due.UtcDateTime:HH:mm} UTC, and all your sessions end. If you still have it, keep it."),
                StopRemoval.OwnPath,
                "Keep my second factor")
            : null;
}
